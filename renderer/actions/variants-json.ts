/**
 * The tree of variants as text, as it is kept beside a painting's document: some kilobytes each, for the tokens are the picture.
 */
import { generationRequest, rgbImage } from '../../app/contracts/engine-contract.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import { fields, float32s, int32s, integer, list, nullable, optional, text } from '../../app/contracts/parse.ts';
import { parseRect } from '../../app/document/parse-document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { parsePackedMask } from '../../app/imaging/run-lengths.ts';
import { parseAreaPlan } from '../../app/tasks/parse-area-plan.ts';
import type { Variant } from '../stores/staging-store.ts';

type KeptVariant = Omit<Variant, 'image' | 'decoded' | 'live'>;

const parseVariants = list(
  fields<KeptVariant>({
    id: text,
    parent: nullable(text),
    branchStep: integer(0, 1000),
    request: generationRequest,
    title: text,
    tokens: int32s,
    entropy: float32s,
    previews: list(rgbImage),
    frame: parseRect,
    picture: nullable(text),
    cover: nullable(parsePackedMask),
    plan: optional(parseAreaPlan),
  }),
);

const CHUNK = 0x8000;
/** Stands for a picture without previews until it is decoded. */
const GREY: RgbImage = { width: 1, height: 1, data: Uint8Array.of(128, 128, 128) };

export function writeVariants(variants: readonly Variant[]): string {
  const kept = variants.filter(({ live }) => !live).map(({ image, decoded, live, ...variant }): KeptVariant => variant);
  const bytes = encodeMessage(kept);
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return JSON.stringify({ variants: btoa(binary) });
}

/** With stand-ins for the pictures. Variants of another version are left out: they can be made again from their pictures. */
export function readVariants(extras: string): Variant[] {
  try {
    const { variants } = JSON.parse(extras);
    const bytes = Uint8Array.from(atob(variants), (char) => char.charCodeAt(0));
    return parseVariants(decodeMessage(bytes), 'variants').map((variant) => {
      return { ...variant, image: variant.previews.at(-1) ?? GREY, decoded: false, live: false };
    });
  } catch {
    return [];
  }
}
