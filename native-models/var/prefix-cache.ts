/**
 * Keys, values and entropies of the last runs, for runs that begin with the same tokens: branches, and runs that go on.
 */
import type { KeptTokens } from '../../app/generation/request.ts';
import type { ScalePyramid } from '../vq/scales.ts';
import type { StatePicture, TransformerState } from './transformer.ts';

/** What a picture can go on from. */
export interface Prefix extends StatePicture {
  /** Entropy of each token in bits, for each scale. */
  readonly entropy: readonly Float32Array[];
}

/** What a picture begins with. */
export interface Beginning {
  readonly label: number;
  readonly kept?: KeptTokens | undefined;
}

interface DonePicture {
  readonly label: number;
  /** Of the scales that were run, concatenated. */
  readonly tokens: Int32Array;
  readonly entropy: readonly Float32Array[];
}

/** Pictures that were computed together. */
export interface Run {
  readonly state: TransformerState;
  readonly pictures: readonly DonePicture[];
}

export interface Prefixes {
  /** As many as all pictures have in common with something that is remembered. */
  readonly scales: number;
  /** One for each picture. */
  readonly prefixes: readonly Prefix[];
}

export class PrefixCache {
  readonly #pyramid: ScalePyramid;
  readonly #budget: number;
  /** Oldest first. */
  #runs: readonly Run[] = [];

  /** @param budget bytes of keys and values, of what is remembered and of what runs */
  constructor(pyramid: ScalePyramid, budget: number) {
    this.#pyramid = pyramid;
    this.#budget = budget;
  }

  remember(run: Run): void {
    this.#runs = [...this.#runs, run];
    this.makeRoom(0);
  }

  /** Forgets the oldest runs, so that with `bytes` more the budget is kept, as far as that can be. */
  makeRoom(bytes: number): void {
    let used = this.#runs.reduce((sum, { state }) => sum + state.cache.bytes, bytes);
    const kept = this.#runs.filter(({ state }, i) => {
      const last = bytes === 0 && i === this.#runs.length - 1;
      const stays = last || used <= this.#budget;
      if (!stays) used -= state.cache.bytes;
      return stays;
    });
    this.#runs = kept;
  }

  /** Takes a run out, for its state to be used up. */
  forget(state: TransformerState): void {
    this.#runs = this.#runs.filter((run) => run.state !== state);
  }

  /** What the last runs have of pictures: their first scales, as far as all their tokens are kept and the same. */
  find(beginnings: readonly Beginning[]): Prefixes | undefined {
    const found = beginnings.map((beginning) => this.#best(beginning));
    const scales = Math.min(...found.map((best) => best?.scales ?? 0));
    if (scales === 0) return undefined;
    const prefixes = found.map((best) => {
      const { run, picture } = best as Match;
      return { state: run.state, picture, entropy: (run.pictures[picture] as DonePicture).entropy.slice(0, scales) };
    });
    return { scales, prefixes };
  }

  /** How many first scales pictures keep of the same one; the last leaves nothing to go on from. */
  shared(beginnings: readonly Beginning[]): number {
    const [first] = beginnings;
    const { kept: known } = first ?? {};
    if (!known) return 0;
    const common = beginnings.map(({ label, kept }) =>
      kept && label === first?.label ? this.#commonScales(known.tokens, kept) : 0,
    );
    return Math.min(...common, this.#pyramid.patchNums.length - 1);
  }

  #best({ label, kept }: Beginning): Match | undefined {
    if (!kept) return undefined;
    let best: Match | undefined;
    for (const run of this.#runs) {
      for (const [picture, done] of run.pictures.entries()) {
        if (done.label !== label) continue;
        const scales = Math.min(run.state.scales, done.entropy.length, this.#commonScales(done.tokens, kept));
        if (scales >= (best?.scales ?? 1)) best = { run, picture, scales };
      }
    }
    return best;
  }

  #commonScales(tokens: Int32Array, kept: KeptTokens): number {
    const { offsets } = this.#pyramid;
    const differs = tokens.findIndex((token, i) => !kept.mask[i] || kept.tokens[i] !== token);
    const common = differs < 0 ? tokens.length : differs;
    return offsets.findLastIndex((offset) => offset <= common);
  }
}

interface Match {
  readonly run: Run;
  readonly picture: number;
  readonly scales: number;
}
