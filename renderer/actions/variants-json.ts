/**
 * The tree of variants as text, as it is kept beside a painting's document: requests, tokens and previews.
 */
import { generationRequest, rgbImage } from '../../app/contracts/engine-contract.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import { fields, float32s, int32s, integer, list, nullable, text } from '../../app/contracts/parse.ts';
import { parseRect } from '../../app/document/parse-document.ts';
import type { Variant } from '../stores/staging-store.ts';

const parseVariants = list(
  fields<Variant>({
    id: text,
    parent: nullable(text),
    branchStep: integer(0, 1000),
    request: generationRequest,
    title: text,
    image: rgbImage,
    tokens: int32s,
    entropy: float32s,
    previews: list(rgbImage),
    frame: parseRect,
    picture: nullable(text),
  }),
);

const CHUNK = 0x8000;

export function writeVariants(variants: readonly Variant[]): string {
  const bytes = encodeMessage(variants);
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return JSON.stringify({ variants: btoa(binary) });
}

/** Variants of another version are left out: they can be made again from their pictures. */
export function readVariants(extras: string): Variant[] {
  try {
    const { variants } = JSON.parse(extras);
    return parseVariants(decodeMessage(Uint8Array.from(atob(variants), (char) => char.charCodeAt(0))), 'variants');
  } catch {
    return [];
  }
}
