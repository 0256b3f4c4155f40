/**
 * The run of a trace: its settings, checked, and the tensors that it knows.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TraceNames } from '../trace/forced-tensors.ts';
import { checkRunKeys, type Run, runFlag, runInteger, runNumber } from '../trace/run-values.ts';

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
export function parseTraceRun(run: Run, limits: { vocabulary: number }): TraceRun {
  checkRunKeys(run, KNOWN_KEYS);
  if ((run.B ?? 1) !== 1) throw new StudioError('bad-request', 'A trace runs one picture: B must be 1.');
  return {
    label: run.label === undefined ? undefined : runInteger(run, 'label', 0, -1, 2 ** 31),
    cfg: runNumber(run, 'cfg', 4, 0, 100),
    topK: runInteger(run, 'top_k', 900, 0, Math.max(limits.vocabulary, 4096)),
    topP: runNumber(run, 'top_p', 0.95, 0, 1),
    moreSmooth: runFlag(run, 'more_smooth', false),
    seed: runInteger(run, 'g_seed', 0, 0, 2 ** 32 - 1),
    box: box(run.box_y0x0y1x1),
    inpainting: runFlag(run, 'inpainting', true),
  };
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

/** Tensors of a trace; see the README. */
export const TRACE_NAMES: TraceNames = {
  inputs: ['label', 'tokens', 'gt_tokens', 'edit_mask', 'input_u8', 'gumbel', 'tau', 'logits_rows'],
  results: [
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
  ],
};
