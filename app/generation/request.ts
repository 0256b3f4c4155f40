/**
 * What a person asks for. A request is plain data: it crosses processes, is written into pictures, and made again from them.
 */

/** A setting's value, by the setting's id (see `SettingSpec`). */
export type Settings = Readonly<Record<string, number | boolean>>;

/**
 * Tokens that a picture takes over from another one instead of drawing them: the first scales of a branch, the certain
 * tokens when the rest is rolled again, the surroundings of a mask. The random stream goes on as if they had been drawn, so
 * that a run which takes over its own first tokens ends as it would have.
 */
export interface KeptTokens {
  /** All tokens, steps concatenated. */
  readonly tokens: Int32Array;
  /** 1 for each token that is taken over. */
  readonly mask: Uint8Array;
}

export interface GenerationRequest {
  /** Id of an installed model, or the absolute path of a model's folder. */
  readonly model: string;
  /** Class index, 0 … classes − 1; `null` asks for no class in particular. */
  readonly label: number | null;
  /** Seed of the random stream, 0 … 2^32 − 1. */
  readonly seed: number;
  readonly settings: Settings;
  readonly kept?: KeptTokens | undefined;
}

/** One setting that a model's sampler has; the panel, the command line and batch export draw it from this. */
export type SettingSpec =
  | {
      readonly kind: 'number';
      readonly id: string;
      readonly name: string;
      readonly help: string;
      readonly default: number;
      readonly min: number;
      readonly max: number;
      /** 1 for whole numbers. */
      readonly step: number;
    }
  | {
      readonly kind: 'switch';
      readonly id: string;
      readonly name: string;
      readonly help: string;
      readonly default: boolean;
    };

/** What a loaded model can do. */
export interface ModelDescription {
  readonly family: string;
  /** Human words, such as `VAR-d16, 256×256`. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Class names by index; empty when the model names none. */
  readonly labels: readonly string[];
  readonly classes: number;
  /** Tokens of each step, coarse to fine. */
  readonly tokensPerStep: readonly number[];
  /** Entries of the codebook. */
  readonly vocabulary: number;
  readonly settings: readonly SettingSpec[];
}
