/**
 * For every pixel, the nearest known one.
 */

/**
 * The place of the nearest known pixel for each pixel, itself where it is known; −1 everywhere when nothing is known. Two
 * sweeps over rows, each to and fro (Danielsson, "Euclidean Distance Mapping", 1980): in rare places the second nearest is
 * taken, which is farther by less than a pixel.
 *
 * @param known 1 where a pixel is known
 */
export function nearestKnown(known: Uint8Array, width: number, height: number): Int32Array {
  const nearest = Int32Array.from(known, (isKnown, i) => (isKnown ? i : -1));
  const field = { nearest, width };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) takeNearer(field, x, y, y > 0 ? -width : 0);
    sweepRow(field, y);
  }
  for (let y = height - 2; y >= 0; y--) {
    for (let x = 0; x < width; x++) takeNearer(field, x, y, width);
    sweepRow(field, y);
  }
  return nearest;
}

interface Field {
  readonly nearest: Int32Array;
  readonly width: number;
}

function sweepRow(field: Field, y: number): void {
  for (let x = 1; x < field.width; x++) takeNearer(field, x, y, -1);
  for (let x = field.width - 2; x >= 0; x--) takeNearer(field, x, y, 1);
}

/** Takes over what a neighbour has, if that is nearer. */
function takeNearer({ nearest, width }: Field, x: number, y: number, neighbour: number): void {
  const i = y * width + x;
  const other = nearest[i + neighbour]!;
  if (other < 0 || other === nearest[i]) return;
  if (nearest[i]! < 0 || squaredDistance(other, x, y, width) < squaredDistance(nearest[i]!, x, y, width)) {
    nearest[i] = other;
  }
}

function squaredDistance(place: number, x: number, y: number, width: number): number {
  const dx = (place % width) - x;
  const dy = Math.floor(place / width) - y;
  return dx * dx + dy * dy;
}
