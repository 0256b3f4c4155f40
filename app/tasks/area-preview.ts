/**
 * What a person sees of an area while it is painted: all of it, small, with the frame in progress in its place.
 */
import type { Rect } from '../document/document.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { Mask } from '../imaging/mask.ts';
import { resizeMask, resizeRgb } from '../imaging/resample.ts';
import { fitWithin } from '../imaging/thumbnail.ts';
import { type Area, type AreaPlan, type FrameOfPass, plannedFrames } from './paint-area.ts';

/** Of the longer side, in pixels. */
const MAX_SIDE = 512;
/** The same of the pictures that are kept of each frame, where there are few of them. */
const MAX_KEPT_SIDE = 256;
/** What all of those may take together, in bytes. */
const KEPT_BYTES = 8 * 2 ** 20;

export class AreaPreview {
  readonly #scale: number;
  readonly #frames: readonly FrameOfPass[];
  /** Of the preview's size. */
  readonly #cover: Mask;
  #whole: RgbImage;

  /** Throws as `paintArea`. */
  constructor(area: Area, plan: AreaPlan) {
    const { width, height } = area.image;
    const small = fitWithin(width, height, MAX_SIDE);
    this.#scale = small.width / width;
    this.#frames = plannedFrames(area, plan);
    this.#cover = resizeMask(area.cover, small.width, small.height);
    this.#whole = resizeRgb(area.image, small.width, small.height);
  }

  /** How many the area takes. */
  get frames(): number {
    return this.#frames.length;
  }

  /**
   * Takes up all of the area after another frame is done. Returns it smaller still: one such picture is kept of each frame,
   * and there may be hundreds.
   */
  done(image: RgbImage): RgbImage {
    this.#whole = resizeRgb(image, this.#whole.width, this.#whole.height);
    const side = Math.min(MAX_KEPT_SIDE, Math.sqrt(KEPT_BYTES / 3 / this.frames));
    const kept = fitWithin(this.#whole.width, this.#whole.height, side);
    return resizeRgb(this.#whole, kept.width, kept.height);
  }

  /** All of the area as it was after the last frame. */
  get whole(): RgbImage {
    return this.#whole;
  }

  /**
   * @param frame 0, 1, … over all of the task
   * @param preview what the model has of it so far; where it only adds detail, what is there already shows more
   */
  inProgress(frame: number, preview: RgbImage): RgbImage {
    const planned = this.#frames[frame];
    if (!planned || planned.keepsTones) return this.#whole;
    const seen = this.#small(planned.seen);
    const painted = this.#small(planned.painted);
    const part = resizeRgb(preview, seen.width, seen.height);
    const image = { ...this.#whole, data: this.#whole.data.slice() };
    for (let y = painted.y; y < Math.min(painted.y + painted.height, image.height); y++) {
      for (let x = painted.x; x < Math.min(painted.x + painted.width, image.width); x++) {
        const at = y * image.width + x;
        if (!this.#cover.data[at]) continue;
        const from = ((y - seen.y) * seen.width + x - seen.x) * 3;
        image.data.set(part.data.subarray(from, from + 3), at * 3);
      }
    }
    return image;
  }

  #small({ x, y, width, height }: Rect): Rect {
    const [left, top] = [Math.round(x * this.#scale), Math.round(y * this.#scale)];
    const [right, bottom] = [Math.round((x + width) * this.#scale), Math.round((y + height) * this.#scale)];
    return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
  }
}
