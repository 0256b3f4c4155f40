/**
 * Tiles as they travel and are kept: their RGBA pixels, deflated.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { StudioError } from '../../app/base/errors.ts';
import { TILE_BYTES } from '../../app/document/document.ts';

const LEVEL = 4;

export function packTile(pixels: Uint8Array): Uint8Array {
  return new Uint8Array(deflateRawSync(pixels, { level: LEVEL }));
}

/** Throws `corrupt-input` for bytes that are no tile. */
export function unpackTile(bytes: Uint8Array): Uint8Array {
  let pixels: Uint8Array;
  try {
    pixels = inflateRawSync(bytes, { maxOutputLength: TILE_BYTES });
  } catch (cause) {
    throw damaged(cause);
  }
  if (pixels.length !== TILE_BYTES) throw damaged();
  return pixels;
}

function damaged(cause?: unknown): StudioError {
  return new StudioError('corrupt-input', 'A part of the painting’s pixels is damaged.', {
    hint: 'Open an earlier copy of the painting.',
    cause,
  });
}
