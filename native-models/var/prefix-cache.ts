/**
 * Keys, values and entropies of the last run, for a run that begins with the same tokens: a branch, or a run that goes on.
 */
import type { KeptTokens } from '../../app/generation/request.ts';
import type { ScalePyramid } from '../vq/scales.ts';
import type { TransformerState } from './transformer.ts';

export interface Prefix {
  readonly state: TransformerState;
  /** Entropy of each token in bits, for each scale that the state has behind it. */
  readonly entropy: readonly Float32Array[];
}

interface Run extends Prefix {
  readonly label: number;
  /** Of the scales that were run, concatenated. */
  readonly tokens: Int32Array;
}

export class PrefixCache {
  readonly #pyramid: ScalePyramid;
  #run: Run | undefined;

  constructor(pyramid: ScalePyramid) {
    this.#pyramid = pyramid;
  }

  remember(run: Run): void {
    this.#run = run;
  }

  /** What the last run has of this one: its first scales, as far as all their tokens are kept and the same. */
  find(label: number, kept: KeptTokens | undefined): Prefix | undefined {
    const run = this.#run;
    if (!run || !kept || run.label !== label) return undefined;
    const scales = Math.min(run.state.scales, run.entropy.length, this.#commonScales(run.tokens, kept));
    if (scales === 0) return undefined;
    return { state: run.state.rewound(scales), entropy: run.entropy.slice(0, scales) };
  }

  #commonScales(tokens: Int32Array, kept: KeptTokens): number {
    const { offsets } = this.#pyramid;
    const differs = tokens.findIndex((token, i) => !kept.mask[i] || kept.tokens[i] !== token);
    const common = differs < 0 ? tokens.length : differs;
    return offsets.findLastIndex((offset) => offset <= common);
  }
}
