/**
 * The run of a trace: its settings and the inputs that it follows, checked.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { NamedArray } from '../pipeline.ts';

export interface TraceRun {
  readonly label: number | undefined;
  readonly cfg: number;
  readonly topK: number;
  readonly topP: number;
  readonly moreSmooth: boolean;
  readonly seed: number;
  /** Top, left, bottom and right of the edited box, 0 … 1. */
  readonly box: readonly [number, number, number, number] | undefined;
  /** Whether the inside of the box is generated, rather than its outside. */
  readonly inpainting: boolean;
}

const KNOWN_KEYS = ['label', 'cfg', 'top_k', 'top_p', 'more_smooth', 'g_seed', 'B', 'box_y0x0y1x1', 'inpainting'];

/** Reads a `run` object. Throws `bad-request` for an unknown key or a value out of range. */
export function parseTraceRun(run: Readonly<Record<string, unknown>>, limits: { vocabulary: number }): TraceRun {
  for (const key of Object.keys(run)) {
    if (!KNOWN_KEYS.includes(key)) {
      throw new StudioError('bad-request', `The run has an unknown key '${key}'.`, {
        hint: `Known keys: ${KNOWN_KEYS.join(', ')}.`,
      });
    }
  }
  if ((run.B ?? 1) !== 1) throw new StudioError('bad-request', 'A trace runs one picture: B must be 1.');
  return {
    label: run.label === undefined ? undefined : integer(run, 'label', -1, 2 ** 31),
    cfg: number(run, 'cfg', 4, 0, 100),
    topK: run.top_k === undefined ? 900 : integer(run, 'top_k', 0, Math.max(limits.vocabulary, 4096)),
    topP: number(run, 'top_p', 0.95, 0, 1),
    moreSmooth: run.more_smooth === undefined ? false : boolean(run, 'more_smooth'),
    seed: run.g_seed === undefined || run.g_seed === null ? 0 : integer(run, 'g_seed', 0, 2 ** 32 - 1),
    box: box(run.box_y0x0y1x1),
    inpainting: run.inpainting === undefined ? true : boolean(run, 'inpainting'),
  };
}

function number(
  run: Readonly<Record<string, unknown>>,
  key: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = run[key] ?? fallback;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new StudioError('bad-request', `${key} of the run must be a number from ${min} to ${max}.`);
  }
  return value;
}

function integer(run: Readonly<Record<string, unknown>>, key: string, min: number, max: number): number {
  const value = number(run, key, Number.NaN, min, max);
  if (!Number.isInteger(value)) throw new StudioError('bad-request', `${key} of the run must be a whole number.`);
  return value;
}

function boolean(run: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = run[key];
  if (typeof value !== 'boolean') throw new StudioError('bad-request', `${key} of the run must be true or false.`);
  return value;
}

function box(value: unknown): TraceRun['box'] {
  if (value === undefined) return undefined;
  const valid = Array.isArray(value) && value.length === 4 && value.every(isShare);
  if (!valid) throw new StudioError('bad-request', 'box_y0x0y1x1 of the run must be four numbers from 0 to 1.');
  return value as unknown as readonly [number, number, number, number];
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

type Forced = ReadonlyMap<string, NamedArray>;

/** A forced tensor of whole numbers. Throws `bad-request` when its shape or type is another. */
export function forcedIntegers(forced: Forced, name: string, length: number | undefined): Int32Array | undefined {
  const tensor = forced.get(name);
  if (!tensor) return undefined;
  const whole = tensor.type === 'i32' || tensor.type === 'i64' || tensor.type === 'u8';
  if (!whole || (length !== undefined && tensor.data.length !== length)) {
    throw wrongTensor(name, `whole numbers${length === undefined ? '' : `, ${length} of them`}`, tensor);
  }
  return Int32Array.from(tensor.data as ArrayLike<number>, Number);
}

/** A forced tensor of floating-point numbers. Throws `bad-request` when its shape or type is another. */
export function forcedFloats(forced: Forced, name: string, length: number): Float64Array | undefined {
  const tensor = forced.get(name);
  if (!tensor) return undefined;
  if ((tensor.type !== 'f32' && tensor.type !== 'f64') || tensor.data.length !== length) {
    throw wrongTensor(name, `${length} floating-point numbers`, tensor);
  }
  return Float64Array.from(tensor.data);
}

function wrongTensor(name: string, wanted: string, found: NamedArray): StudioError {
  const what = `${found.type} of shape (${found.shape.join(', ')})`;
  return new StudioError('bad-request', `The forced tensor '${name}' must be ${wanted}, but is ${what}.`);
}

/** Inputs that a trace can follow. */
const FORCED_INPUTS = ['label', 'tokens', 'gt_tokens', 'edit_mask', 'input_u8', 'gumbel', 'tau', 'logits_rows'];
/** Results of a trace: a recorded file may be given as it is, and these are then passed over. */
const TRACE_RESULTS = [
  'logits',
  'keep_bits',
  'logits_cond_uncond_s0_3',
  'blocks_s0',
  'blocks_s2',
  'next_tokens',
  'f',
  'f_hat',
  'image',
  'image_u8',
  'image_crop',
  'preview_s4_crop',
  'argmin_gap',
  'force_gt',
  'h_after_edit',
];

/**
 * Refuses tensors that nothing knows, so that a typing mistake is not silently ignored, and numbers that are not finite.
 *
 * @throws bad-request naming the unknown tensor
 * @throws not-finite naming the tensor and the element
 */
export function checkForced(forced: Forced): void {
  for (const [name, tensor] of forced) {
    if (!FORCED_INPUTS.includes(name) && !TRACE_RESULTS.includes(name)) {
      throw new StudioError('bad-request', `The forced inputs have an unknown tensor '${name}'.`, {
        hint: `Inputs that can be forced: ${FORCED_INPUTS.join(', ')}.`,
      });
    }
    if (tensor.type === 'f32' || tensor.type === 'f64') checkFinite(name, tensor.data);
  }
}

function checkFinite(name: string, values: Float32Array | Float64Array): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new StudioError('not-finite', `The forced tensor '${name}' holds ${values[bad]} at element ${bad}.`, {
    hint: 'Forced inputs must be finite numbers.',
  });
}
