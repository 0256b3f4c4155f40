/**
 * Where a model is put, one place after the other, to paint an area that is larger than what it makes at once.
 */
import type { Rect } from '../document/document.ts';
import type { Mask } from '../imaging/mask.ts';
import { boundsOf } from '../imaging/regions.ts';
import { AreaSums } from './area-sums.ts';

export interface FrameSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface PlannedFrame {
  /** What the model sees; beyond the picture where that is smaller than a frame. */
  readonly seen: Rect;
  /** What of it is as it will be afterwards. */
  readonly painted: Rect;
}

/** Places of a frame that are looked at, in each direction and for each of its sides. */
const PLACES_PER_SIDE = 8;
/** Share of a frame's side along its edges that is left to the next frames: models are at their worst there. */
const MARGIN = 1 / 32;
/** Share of a frame that is new: the rest is there already, so that what is new goes on from it. */
const NEW_SHARE = 0.5;

/**
 * Frames whose painted parts together hold every pixel with a cover above 0. The next one is always that of which half is
 * still to be painted, as nearly as there is one; of equal ones, the nearest to the middle of the area. A picture smaller
 * than the frame lies in its middle.
 */
export function planFrames(cover: Mask, frame: FrameSize): PlannedFrame[] {
  const candidates = candidatesOf(cover, frame);
  const sums = new AreaSums(
    cover,
    candidates.flatMap(({ seen, painted }) => [seen, painted]),
  );
  const bounds = boundsOf(cover);
  const middle = { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
  const frames: PlannedFrame[] = [];
  for (;;) {
    const next = best(candidates, sums, middle);
    if (!next) return frames;
    frames.push(next);
    sums.clear(next.painted);
  }
}

function candidatesOf(picture: FrameSize, frame: FrameSize): PlannedFrame[] {
  const rows = places(picture.height, frame.height);
  const columns = places(picture.width, frame.width);
  return rows.flatMap((y) =>
    columns.map((x) => {
      const seen = { x, y, ...frame };
      return { seen, painted: withoutMargins(seen, picture) };
    }),
  );
}

/** Left edges, or upper ones, that a frame may have. */
function places(length: number, side: number): number[] {
  if (side >= length) return [Math.floor((length - side) / 2)];
  const step = Math.max(1, Math.floor(side / PLACES_PER_SIDE));
  const edges = Array.from({ length: Math.floor((length - side) / step) + 1 }, (_, i) => i * step);
  return edges.at(-1) === length - side ? edges : [...edges, length - side];
}

/** Where the picture ends, the frame has no margin. */
function withoutMargins({ x, y, width, height }: Rect, picture: FrameSize): Rect {
  const [marginX, marginY] = [Math.floor(width * MARGIN), Math.floor(height * MARGIN)];
  const left = x > 0 ? x + marginX : 0;
  const top = y > 0 ? y + marginY : 0;
  const right = x + width < picture.width ? x + width - marginX : picture.width;
  const bottom = y + height < picture.height ? y + height - marginY : picture.height;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function best(
  candidates: readonly PlannedFrame[],
  sums: AreaSums,
  middle: { readonly x: number; readonly y: number },
): PlannedFrame | undefined {
  let found: { readonly frame: PlannedFrame; readonly miss: number; readonly distance: number } | undefined;
  for (const frame of candidates) {
    if (sums.in(frame.painted) === 0) continue;
    const { x, y, width, height } = frame.seen;
    const miss = Math.abs(sums.in(frame.seen) / (width * height) - NEW_SHARE);
    const distance = Math.hypot(x + width / 2 - middle.x, y + height / 2 - middle.y);
    if (!found || miss < found.miss || (miss === found.miss && distance < found.distance)) {
      found = { frame, miss, distance };
    }
  }
  return found?.frame;
}
