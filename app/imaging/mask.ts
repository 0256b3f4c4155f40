/** A selection or a mask: one byte a pixel, row-major, 0 (out) … 255 (in). */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
