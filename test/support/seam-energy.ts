/**
 * Whether a seam is seen: how much a picture changes across a line, against how much it changes elsewhere.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';

/** A straight line between two columns, or between two rows, of pixels. */
export interface Seam {
  readonly axis: 'x' | 'y';
  /** First column, or row, behind the line. */
  readonly at: number;
}

/** Parallel lines so near to the seam are not compared with it: they may show a part of it. */
const NEAR = 16;

/**
 * Mean absolute difference of neighbouring pixels across the line, over that across all parallel lines of the same part of
 * the picture that are not near it: 1 for a line like any other.
 *
 * @param part from which column, or row, to which the other lines are taken
 */
export function seamEnergy(image: RgbImage, { axis, at }: Seam, part: readonly [from: number, to: number]): number {
  const others: number[] = [];
  for (let line = part[0] + 1; line < part[1]; line++) {
    if (Math.abs(line - at) >= NEAR) others.push(changeAcross(image, axis, line));
  }
  return changeAcross(image, axis, at) / (others.reduce((sum, change) => sum + change, 0) / others.length);
}

function changeAcross({ width, height, data }: RgbImage, axis: Seam['axis'], at: number): number {
  const [length, step, back] = axis === 'x' ? [height, width * 3, 3] : [width, 3, width * 3];
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const start = axis === 'x' ? i * step + at * 3 : at * width * 3 + i * step;
    for (let color = 0; color < 3; color++) {
      sum += Math.abs((data[start + color] as number) - (data[start + color - back] as number));
    }
  }
  return sum / (length * 3);
}
