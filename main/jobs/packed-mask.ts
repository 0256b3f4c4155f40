/**
 * Flags as text: which tokens of a picture were taken over from another one, a bit each.
 */
import { StudioError } from '../../app/base/errors.ts';

/** Base64; the first flag is the highest bit, the last byte ends in zeros. */
export function packMask(mask: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i++) if (mask[i]) bytes[i >> 3]! |= 0x80 >> (i & 7);
  return Buffer.from(bytes).toString('base64');
}

/** Throws `corrupt-input` when there are more or fewer flags. */
export function unpackMask(packed: string, length: number): Uint8Array {
  const bytes = Buffer.from(packed, 'base64');
  if (bytes.length !== Math.ceil(length / 8)) {
    throw new StudioError('corrupt-input', 'The picture is damaged. What it took over does not fit its tokens.');
  }
  return Uint8Array.from({ length }, (_, i) => ((bytes[i >> 3] as number) >> (7 - (i & 7))) & 1);
}
