/**
 * What a person asks for. A request is plain data: it crosses processes, is written into pictures, and made again from them.
 */

import type { RgbImage } from './pipeline-event.ts';

/** A number, on or off, or the value of a choice. */
export type SettingValue = number | boolean | string;

/** A setting's value, by the setting's id (see `SettingSpec`). */
export type Settings = Readonly<Record<string, SettingValue>>;

/**
 * Tokens that a picture takes over from another one instead of drawing them: the first scales of a branch, the certain
 * tokens when the rest is rolled again, the surroundings of a mask. The random stream goes on as if they had been drawn, so
 * that a run which takes over its own first tokens ends as it would have.
 */
export interface KeptTokens {
  /** The symbols of all tokens, steps concatenated. */
  readonly tokens: Int32Array;
  /** 1 for each token that is taken over. */
  readonly mask: Uint8Array;
}

/** What a control map shows. Soft edges, line art and canny edges are white on black; near is bright in a depth map. */
export const MAP_KINDS = ['canny', 'softedge', 'lineart', 'depth', 'segmentation'] as const;
export type MapKind = (typeof MAP_KINDS)[number];

/** What leads a model beside words: a control map, or the picture that the words change. */
export const CONTROL_KINDS = [...MAP_KINDS, 'source'] as const;
export type ControlKind = (typeof CONTROL_KINDS)[number];

/** A picture that says where things are. */
export interface ControlMap {
  readonly kind: ControlKind;
  readonly image: RgbImage;
}

/** What a colour of a segmentation map stands for. */
export interface MapRegion {
  readonly name: string;
  /** As `#rrggbb`. */
  readonly color: string;
}

export interface GenerationRequest {
  /** Id of an installed model, or the absolute path of a model's folder. */
  readonly model: string;
  /** Class index, 0 … classes − 1; `null` asks for no class in particular. */
  readonly label: number | null;
  /** What to paint in words, for models that take them; left out for others. */
  readonly prompt?: string | undefined;
  /** Where to paint it, for models that follow maps; left out for others. */
  readonly control?: ControlMap | undefined;
  /** Seed of the random stream, 0 … 2^32 − 1. */
  readonly seed: number;
  readonly settings: Settings;
  readonly kept?: KeptTokens | undefined;
}

export interface NumberSetting {
  readonly kind: 'number';
  readonly id: string;
  readonly name: string;
  readonly help: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** 1 for whole numbers. */
  readonly step: number;
  /** Says something of the control map, and is shown with it. */
  readonly ofControl?: boolean | undefined;
}

/** One setting that a model's sampler has; the panel, the command line and batch export draw it from this. */
export type SettingSpec =
  | NumberSetting
  | {
      readonly kind: 'switch';
      readonly id: string;
      readonly name: string;
      readonly help: string;
      readonly default: boolean;
    }
  | {
      readonly kind: 'choice';
      readonly id: string;
      readonly name: string;
      readonly help: string;
      /** The value of one of the options. */
      readonly default: string;
      readonly options: readonly { readonly value: string; readonly name: string }[];
    };

/**
 * What some models can and others cannot: say how undecided they were about each token (`StepEvent.entropy`), and what else could
 * have stood there (`EngineApi.alternatives`; such tokens are one symbol each); change a picture by words, which then is the
 * request's control of the kind `source`.
 */
export const CAPABILITIES = ['entropy', 'alternatives', 'edits'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What models paint one after the other: coarse to fine scales, or parts of the picture. */
export const STEP_KINDS = ['scale', 'cell', 'row'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** A part of the picture, in shares of its width and height. */
export interface StepArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Sizes that pictures may have. */
export interface PictureSizes {
  /** Width and height are multiples of it, in pixels. */
  readonly step: number;
  /** Most pixels of a picture. */
  readonly pixels: number;
}

/** A size that pictures have with certain settings. */
export interface PictureShape {
  /** What the settings must be for it. */
  readonly settings: Settings;
  readonly width: number;
  readonly height: number;
  /** As in the description. */
  readonly tokensPerStep: readonly number[];
}

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
  /** Whether it paints from words. */
  readonly words: boolean;
  /** Kinds of maps that it follows; empty when it follows none. One that follows maps needs one. */
  readonly controls: readonly MapKind[];
  /** Colours of segmentation maps, where they are known; what is not painted is the first. */
  readonly regions?: readonly MapRegion[] | undefined;
  /** Left out when pictures have the one size; else they have that of their control map. */
  readonly sizes?: PictureSizes | undefined;
  /** Sizes that settings choose from, the description's own among them; left out when settings say nothing of it. */
  readonly shapes?: readonly PictureShape[] | undefined;
  /** Tokens of each step, in the order of painting: coarse to fine, or part after part. */
  readonly tokensPerStep: readonly number[];
  /** What a step is; a scale of the whole picture when left out. */
  readonly stepKind?: StepKind | undefined;
  /** What each step's tokens cover, as a map of square cells in raster order; left out where every step covers the whole picture. */
  readonly stepAreas?: readonly StepArea[] | undefined;
  /** Symbols that a token is written in: one code of a codebook, or several numbers. Token arrays hold them one after the other. */
  readonly symbolsPerToken: number;
  /** Values that a symbol can take, 0 … vocabulary − 1: the codes of a codebook, or 65536 for the bits of a float16 number. */
  readonly vocabulary: number;
  readonly capabilities: readonly Capability[];
  readonly settings: readonly SettingSpec[];
}
