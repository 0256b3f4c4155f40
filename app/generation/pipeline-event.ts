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
  /** The symbols of this step's tokens, raster order. */
  readonly tokens: Int32Array;
  /** How undecided the model was about each token: entropy in bits, after guidance and truncation. Empty where it cannot say. */
  readonly entropy: Float32Array;
}

/** A look at a step that is still being worked at. */
export interface PreviewEvent extends Pick<StepEvent, 'step' | 'steps' | 'progress' | 'preview'> {
  readonly type: 'preview';
}

/** Another token for one place of a picture. */
export interface Alternative {
  readonly token: number;
  /** 0 … 1, after guidance and truncation. */
  readonly probability: number;
  /** The linear preview of the picture with this token in place and all others as they are. */
  readonly preview: RgbImage;
}

/** The picture is done. */
export interface ImageEvent {
  readonly type: 'image';
  readonly image: RgbImage;
  /** The symbols of all tokens, steps concatenated, raster order. */
  readonly tokens: Int32Array;
}

export type PipelineEvent = StepEvent | PreviewEvent | ImageEvent;

/** An event of one of several pictures that are made together. */
export interface BatchEvent {
  /** Place of the picture's request: 0, 1, … */
  readonly picture: number;
  readonly event: PipelineEvent;
}
