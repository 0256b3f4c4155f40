/**
 * Pixels as a Windows bitmap with transparency (BITMAPV4HEADER): nothing is compressed, so that making one takes no time, and browsers
 * read it beside the page's thread.
 *
 * Source: https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapv4header
 */
const FILE_HEADER = 14;
const INFO_HEADER = 108;
const BITS = 32;
/** Masks say where a pixel's colours lie. */
const BITFIELDS = 3;
/** Red, green, blue and alpha of a pixel, read as a little-endian number. */
const MASKS = [0x0000_00ff, 0x0000_ff00, 0x00ff_0000, 0xff00_0000];
const SRGB = 0x7352_4742;

/** @param data RGBA bytes, row by row from the top; not premultiplied */
export function bitmapFile(width: number, height: number, data: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FILE_HEADER + INFO_HEADER + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4d42, true);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, FILE_HEADER + INFO_HEADER, true);
  view.setUint32(14, INFO_HEADER, true);
  view.setInt32(18, width, true);
  // Rows from the top have a negative height.
  view.setInt32(22, -height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, BITS, true);
  view.setUint32(30, BITFIELDS, true);
  view.setUint32(34, data.length, true);
  for (const [i, mask] of MASKS.entries()) view.setUint32(54 + i * 4, mask, true);
  view.setUint32(70, SRGB, true);
  bytes.set(data, FILE_HEADER + INFO_HEADER);
  return bytes;
}
