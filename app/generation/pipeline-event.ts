/**
 * What a pipeline tells while it makes a picture.
 */

/** 8-bit RGB, row-major, 3 bytes a pixel. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A step (scale, token group) is done. */
export interface StepEvent {
  readonly type: 'step';
  /** 0 … steps − 1. */
  readonly step: number;
  readonly steps: number;
  /** Share of the whole work done so far, 0 … 1, by estimated cost. */
  readonly progress: number;
  /** The instant linear preview, usually smaller than the picture. */
  readonly preview: RgbImage;
  /** Tokens of this step, raster order. */
  readonly tokens: Int32Array;
}

/** The picture is done. */
export interface ImageEvent {
  readonly type: 'image';
  readonly image: RgbImage;
  /** All tokens, steps concatenated, raster order. */
  readonly tokens: Int32Array;
}

export type PipelineEvent = StepEvent | ImageEvent;
