/**
 * The sizes that pictures from words can have, as a person chooses them.
 */
import type { PictureShape } from '../../app/generation/request.ts';
import { TOKEN_PIXELS } from '../bsq/config.ts';
import { SCALE_COUNTS, type Schedule, SHAPES, type Shape, scheduleOf } from '../bsq/schedules.ts';
import type { ModelTask } from './task.ts';

export type SizeName = keyof typeof SCALE_COUNTS;

/** Values of the settings `shape` and `size`. */
export interface Format {
  /** Width to height, such as `4:3`. */
  readonly shape: string;
  /** Millions of pixels as the authors say them, such as `0.25M`. */
  readonly size: SizeName;
}

/** Height by width of the trained shapes, in small numbers. */
const SIDES: Readonly<Record<string, string>> = {
  '1': '1:1',
  '1.25': '4:5',
  '1.333': '3:4',
  '1.5': '2:3',
  '1.75': '4:7',
  '2': '1:2',
  '2.5': '2:5',
  '3': '1:3',
};

const SHAPE_OF_NAME: ReadonlyMap<string, Shape> = new Map(SHAPES.map((shape) => [nameOf(shape), shape]));

function nameOf({ ratio }: Shape): string {
  const upright = SIDES[ratio];
  if (upright) return upright;
  const nearest = Object.keys(SIDES).find((tall) => Math.abs(Number(tall) * ratio - 1) < 0.01) as string;
  return (SIDES[nearest] as string).split(':').reverse().join(':');
}

export const SHAPE_NAMES: readonly string[] = [...SHAPE_OF_NAME.keys()];
export const SIZE_NAMES = Object.keys(SCALE_COUNTS) as readonly SizeName[];

/** A square of the size that the model was trained on last. */
export function usualFormat({ scales }: ModelTask): Format {
  const size = SIZE_NAMES.find((name) => SCALE_COUNTS[name] === scales) as SizeName;
  return { shape: SHAPE_NAMES[0] as string, size };
}

/** The shape and how many scales it has in this size. */
export function shapeOfFormat({ shape, size }: Format): { readonly shape: Shape; readonly scales: number } {
  return { shape: SHAPE_OF_NAME.get(shape) as Shape, scales: SCALE_COUNTS[size] };
}

/** A size in words: that of its square. */
export function sizeTitle(size: SizeName): string {
  const { width, height } = pixelsOf(scheduleOf(SHAPES[0] as Shape, SCALE_COUNTS[size]));
  return `${width}×${height}, or as many pixels`;
}

/** Pixels of a picture of a schedule. */
export function pixelsOf(schedule: Schedule): { readonly width: number; readonly height: number } {
  const { rows, columns } = schedule.at(-1)!;
  return { width: columns * TOKEN_PIXELS, height: rows * TOKEN_PIXELS };
}

export function tokensPerStep(schedule: Schedule): number[] {
  return schedule.map(({ rows, columns }) => rows * columns);
}

/** Every size that there is. */
export function pictureShapes(): PictureShape[] {
  return SHAPE_NAMES.flatMap((shape) =>
    SIZE_NAMES.map((size) => {
      const found = shapeOfFormat({ shape, size });
      const schedule = scheduleOf(found.shape, found.scales);
      return { settings: { shape, size }, ...pixelsOf(schedule), tokensPerStep: tokensPerStep(schedule) };
    }),
  );
}
