/** Of the golden ratio: consecutive frames of one picture never share a seed with those of pictures with seeds nearby. */
const STRIDE = 0x9e3779b1;

/** The seed of a frame; the first one has the picture's own. */
export function frameSeed(seed: number, frame: number): number {
  return (seed + Math.imul(frame, STRIDE)) >>> 0;
}
