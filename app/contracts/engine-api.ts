/**
 * What main asks of the engine process. Every call names the model by its files, so that the engine keeps no registry.
 */

import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, Settings } from '../generation/request.ts';

/** Arithmetic of the heavy layers: exact, 8 bits, or 4-bit weights with 8-bit inputs. */
export const PRECISIONS = ['fp32', 'int8', 'int4'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** A model as the engine sees it: checkpoint files and what import learnt about them. */
export interface ModelSource {
  readonly id: string;
  /** Absolute paths of the checkpoint files, in any order; the engine identifies their roles from their contents. */
  readonly files: readonly string[];
  /** Class names by index; may be empty. */
  readonly labels: readonly string[];
  /** Default settings that differ from the family's, by setting id. */
  readonly defaults: Settings;
  /** The fitted latent-to-RGB map of `fitPreview`, or undefined before it is known. */
  readonly preview: readonly number[] | undefined;
}

export interface EngineOptions {
  /** Asked-for provider; `auto` takes the best that works. */
  readonly provider: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
  readonly precision: Precision;
  /** `linear` is instant and small; `decoded` runs the whole decoder after every step, in full size. */
  readonly previews: 'linear' | 'decoded';
  /** Bytes that loaded models may take together; a share of the machine's memory when left out. */
  readonly memoryBudget?: number | undefined;
  /** Threads that a model computes with, on the CPU; the physical cores when left out. Pictures do not depend on it. */
  readonly threads?: number | undefined;
}

/** What a model takes where it would run, told before it is loaded. */
export interface Footprint {
  readonly provider: string;
  /** Threads that it would compute with. */
  readonly threads: number;
  /** Bytes, whatever is made: the program, weights, the decoder at work. */
  readonly fixedBytes: number;
  /** More for each picture that is made at the same time. */
  readonly pictureBytes: number;
  /** Bytes that models may take together now. */
  readonly availableBytes: number;
}

/** A provider of this machine and why it can or cannot be used. */
export interface DeviceReport {
  readonly chosen: string;
  readonly reason: string;
  readonly providers: readonly { readonly id: string; readonly usable: boolean; readonly reason: string }[];
}

/**
 * Milliseconds spent, and the engine's peak resident memory so far in bytes. `loadMs` is the time until the model was
 * there, near 0 when it was still loaded; the other times count from then on. `decodeMs` is what the image took after
 * the last step.
 */
export interface RunReport {
  readonly provider: string;
  readonly precision: string;
  readonly loadMs: number;
  readonly firstPreviewMs: number;
  readonly totalMs: number;
  readonly decodeMs: number;
  readonly peakRssBytes: number;
}

/** An event of a batch; with an image comes how its making went. */
export interface PictureEvent extends BatchEvent {
  readonly report: RunReport | undefined;
}

export interface TraceJob {
  /** The `run` object, keys as in the golden `meta.json` files. */
  readonly run: Readonly<Record<string, unknown>>;
  /** Absolute path of a safetensors file with inputs to follow. */
  readonly force: string | undefined;
  /** Absolute path of the safetensors file to write. */
  readonly out: string;
}

/** How a model did that was tried for a moment. */
export interface SelfTestReport {
  /** The picture, or the preview of the last step that was reached. */
  readonly image: RgbImage;
  /** Steps that were done, of how many. */
  readonly step: number;
  readonly steps: number;
  readonly loadMs: number;
  readonly totalMs: number;
}

/** A token of a picture, and how many alternatives to it are wanted. */
export interface TokenPlace {
  readonly step: number;
  /** Within the step, raster order. */
  readonly position: number;
  readonly count: number;
}

/** Methods of the engine: arguments, streamed event (if any) and result of each. */
export interface EngineApi {
  devices: { args: [options: EngineOptions]; event: never; result: DeviceReport };
  describe: { args: [model: ModelSource, options: EngineOptions]; event: never; result: ModelDescription };
  footprint: { args: [model: ModelSource, options: EngineOptions]; event: never; result: Footprint };
  generate: {
    args: [model: ModelSource, options: EngineOptions, request: GenerationRequest];
    event: PipelineEvent;
    result: RunReport;
  };
  /** Paints for `limitMs` at most, by whole steps. Throws `not-finite` when the model computes nonsense. */
  selfTest: {
    args: [model: ModelSource, options: EngineOptions, limitMs: number];
    event: never;
    result: SelfTestReport;
  };
  /**
   * Loads a model and paints once, so that the weights which its precision needs are made; events are the share of a set
   * of weights that is done, 0 … 1.
   */
  prepare: { args: [model: ModelSource, options: EngineOptions]; event: number; result: null };
  /** Floating-point operations a second of a large float32 product on the CPU, from a fraction of a second. */
  measureSpeed: { args: []; event: never; result: number };
  /**
   * Makes pictures of one model, as many at once as memory allows; each is what `generate` would make of its request. Their
   * events come mixed, those of each picture in order.
   */
  generateBatch: {
    args: [model: ModelSource, options: EngineOptions, requests: readonly GenerationRequest[]];
    event: PictureEvent;
    result: null;
  };
  /**
   * Fits the linear map from a latent (with a trailing 1) to RGB in [0, 1] to the model's own decoder:
   * (channels + 1) × 3 numbers, row-major.
   */
  fitPreview: { args: [model: ModelSource, options: EngineOptions]; event: never; result: readonly number[] };
  /** Makes the picture of known tokens, of the first `steps` steps or of all, without the transformer. */
  decode: {
    args: [model: ModelSource, options: EngineOptions, tokens: Int32Array, steps: number | undefined];
    event: never;
    result: RgbImage;
  };
  /** The tokens of a picture of the model's size. */
  encode: { args: [model: ModelSource, options: EngineOptions, image: RgbImage]; event: never; result: Int32Array };
  /**
   * What else the model would have put at one token's place, likeliest first. `bad-request` from a model without this
   * capability.
   */
  alternatives: {
    args: [model: ModelSource, options: EngineOptions, request: GenerationRequest, place: TokenPlace];
    event: never;
    result: readonly Alternative[];
  };
  /** Runs the model and writes its intermediate tensors; returns their names. */
  trace: {
    args: [model: ModelSource, options: EngineOptions, job: TraceJob];
    event: never;
    result: { readonly tensors: readonly string[] };
  };
}
