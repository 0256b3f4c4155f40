/**
 * The box that the authors' editing takes; which tokens it keeps is for `keptByGrid`.
 * Source: FoundationVision/VAR `demo_zero_shot_edit.ipynb` (commit 78b9539).
 */
/** The mask of a box in relative coordinates: 1 outside it for in-painting, 1 inside it for out-painting. */
export function boxMask(box: readonly [number, number, number, number], size: number, inpainting: boolean): Uint8Array {
  const [top, left, bottom, right] = box.map((edge) => roundHalfToEven(edge * size)) as [
    number,
    number,
    number,
    number,
  ];
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / size), pixel % size];
    const inside = row >= top && row < bottom && column >= left && column < right;
    return inside === inpainting ? 0 : 1;
  });
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
