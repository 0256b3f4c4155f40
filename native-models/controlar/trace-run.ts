/**
 * The run of a trace: its settings and the inputs that it follows, checked.
 */
import { StudioError } from '../../app/base/errors.ts';
import { MAP_KINDS, type MapKind, type SettingSpec, type Settings } from '../../app/generation/request.ts';
import type { NamedArray } from '../pipeline.ts';
import type { Forced, TraceNames } from '../trace/forced-tensors.ts';
import { parseSettings, type SamplerSettings } from './settings.ts';

export interface TraceRun {
  readonly label: number | null;
  readonly prompt: string;
  readonly controlKind: MapKind;
  readonly seed: number;
  readonly settings: SamplerSettings;
}

const OWN_KEYS = ['label', 'prompt', 'control_kind', 'seed'];

/** Reads a `run` object: its own keys and the model's settings. Throws `bad-request`. */
export function parseTraceRun(run: Readonly<Record<string, unknown>>, specs: readonly SettingSpec[]): TraceRun {
  const { label = null, prompt = '', control_kind: kind = 'canny', seed = 0 } = run;
  if (label !== null && !isWhole(label)) throw wrong('label', 'a class index or null');
  if (typeof prompt !== 'string') throw wrong('prompt', 'a text');
  if (!isWhole(seed)) throw wrong('seed', 'a whole number of 32 bits');
  const controlKind = MAP_KINDS.find((known) => known === kind);
  if (!controlKind) throw wrong('control_kind', `one of ${MAP_KINDS.join(', ')}`);
  const rest = Object.entries(run).filter(([key]) => !OWN_KEYS.includes(key));
  const settings = parseSettings(specs, Object.fromEntries(rest) as Settings);
  return { label: label as number | null, prompt, controlKind, seed: seed as number, settings };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

function wrong(key: string, wanted: string): StudioError {
  return new StudioError('bad-request', `${key} of the run must be ${wanted}.`);
}

/** A forced picture, (3, H, W) of bytes. Throws `bad-request` when it is something else. */
export function forcedBytes(forced: Forced, name: string): (NamedArray & { type: 'u8' }) | undefined {
  const tensor = forced.get(name);
  if (!tensor) return undefined;
  if (tensor.type === 'u8' && tensor.shape.length === 3 && tensor.shape[0] === 3) return tensor;
  throw new StudioError('bad-request', `The forced tensor '${name}' must be a picture, (3, H, W) of bytes.`);
}

/** The names that traces of this family know. */
export const TRACE_NAMES: TraceNames = {
  inputs: ['tokens', 'control_u8', 'input_u8', 'logits_rows'],
  results: [
    'label',
    'ids',
    'text_features',
    'control_features',
    'control_tokens',
    'logits',
    'blocks_t',
    'keep_bits',
    'image',
    'f',
    'codes',
  ],
};
