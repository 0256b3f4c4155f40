/** 8-bit RGBA, row-major, 4 bytes a pixel, not premultiplied. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}
