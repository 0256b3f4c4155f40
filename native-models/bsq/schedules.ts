/**
 * The sizes of the token maps, scale by scale, that Infinity was trained with.
 * Source: FoundationVision/Infinity `infinity/utils/dynamic_resolution.py` (commit 4c27bbb).
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';

/** Token maps of all scales, coarse to fine; the last has the picture's size. Infinity's (1, h, w). */
export type Schedule = readonly TokenGrid[];

/** A trained ratio of sides. */
export interface Shape {
  /** Height by width, to three digits as the authors name it. */
  readonly ratio: number;
  /** All 13 scales, up to about 1024². */
  readonly scales: Schedule;
}

/** How many scales the pictures of each size have: about 256², 512², 0.6 megapixels and 1024². */
export const SCALE_COUNTS = { '0.06M': 7, '0.25M': 10, '0.60M': 12, '1M': 13 } as const;

/** Height × width of each scale, upright. */
const UPRIGHT: readonly (readonly [ratio: number, scales: string])[] = [
  [1, '1×1 2×2 4×4 6×6 8×8 12×12 16×16 20×20 24×24 32×32 40×40 48×48 64×64'],
  [1.25, '1×1 2×2 3×3 5×4 10×8 15×12 20×16 25×20 30×24 35×28 45×36 55×44 70×56'],
  [1.333, '1×1 2×2 4×3 8×6 12×9 16×12 20×15 24×18 28×21 36×27 48×36 60×45 72×54'],
  [1.5, '1×1 2×2 3×2 6×4 9×6 15×10 21×14 27×18 33×22 39×26 48×32 63×42 78×52'],
  [1.75, '1×1 2×2 3×3 7×4 11×6 14×8 21×12 28×16 35×20 42×24 56×32 70×40 84×48'],
  [2, '1×1 2×2 4×2 6×3 10×5 16×8 22×11 30×15 38×19 46×23 60×30 74×37 90×45'],
  [2.5, '1×1 2×2 5×2 10×4 15×6 20×8 25×10 30×12 40×16 50×20 65×26 80×32 100×40'],
  [3, '1×1 2×2 6×2 9×3 15×5 21×7 27×9 36×12 45×15 54×18 72×24 90×30 111×37'],
];

/** The 15 shapes, each upright one followed by its turned one. */
export const SHAPES: readonly Shape[] = UPRIGHT.flatMap(([ratio, text]) => {
  const scales = text.split(' ').map(parseGrid);
  const turned = { ratio: Math.floor(1000 / ratio) / 1000, scales: scales.map(turn) };
  return ratio === 1 ? [{ ratio, scales }] : [{ ratio, scales }, turned];
});

function parseGrid(text: string): TokenGrid {
  const [rows, columns] = text.split('×').map(Number) as [number, number];
  return { rows, columns };
}

function turn({ rows, columns }: TokenGrid): TokenGrid {
  return { rows: columns, columns: rows };
}

/** The shape whose ratio is nearest to that of the sides, as the authors choose it. */
export function shapeOf(height: number, width: number): Shape {
  const distance = ({ ratio }: Shape) => Math.abs(height / width - ratio);
  return SHAPES.reduce((best, shape) => (distance(shape) < distance(best) ? shape : best));
}

/** The first scales of a shape, see `SCALE_COUNTS`. */
export function scheduleOf({ scales }: Shape, count: number): Schedule {
  return scales.slice(0, count);
}

/** First token of each scale, and the count of all tokens last. */
export function tokenOffsets(schedule: Schedule): number[] {
  const offsets = [0];
  for (const { rows, columns } of schedule) offsets.push((offsets.at(-1) as number) + rows * columns);
  return offsets;
}
