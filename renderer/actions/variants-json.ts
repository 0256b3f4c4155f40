/**
 * The tree of variants as text, as it is kept beside a painting's document: some kilobytes each, for the tokens are the picture,
 * and control maps deflate well.
 */
import { generationRequest, rgbImage } from '../../app/contracts/engine-contract.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import { fields, float32s, int32s, integer, list, nullable, optional, text } from '../../app/contracts/parse.ts';
import { parseRect } from '../../app/document/parse-document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { parsePackedMask } from '../../app/imaging/run-lengths.ts';
import { parseAreaPlan } from '../../app/tasks/parse-area-plan.ts';
import { deflate, inflate } from '../canvas/deflate.ts';
import type { Variant } from '../stores/staging-store.ts';

type KeptVariant = Omit<Variant, 'image' | 'decoded' | 'live'>;

const parseVariant = fields<KeptVariant>({
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
});

const CHUNK = 0x8000;
/** Stands for a picture without previews until it is decoded. */
const GREY: RgbImage = { width: 1, height: 1, data: Uint8Array.of(128, 128, 128) };

/** Of variants that were written before: they never change, and the painting is kept every few seconds. */
const written = new WeakMap<Variant, Promise<string>>();

export async function writeVariants(variants: readonly Variant[]): Promise<string> {
  return JSON.stringify({ variants: await Promise.all(variants.filter(({ live }) => !live).map(textOf)) });
}

function textOf(variant: Variant): Promise<string> {
  const text = written.get(variant) ?? pack(variant);
  written.set(variant, text);
  return text;
}

async function pack({ image, decoded, live, ...kept }: Variant): Promise<string> {
  const bytes = await deflate(encodeMessage(kept satisfies KeptVariant));
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary);
}

async function unpack(text: string): Promise<Variant> {
  const bytes = await inflate(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  const variant = parseVariant(decodeMessage(bytes), 'variant');
  return { ...variant, image: variant.previews.at(-1) ?? GREY, decoded: false, live: false };
}

/** With stand-ins for the pictures. Variants of another version are left out: they can be made again from their pictures. */
export async function readVariants(extras: string): Promise<Variant[]> {
  try {
    const { variants } = JSON.parse(extras);
    return await Promise.all(list(text)(variants, 'variants').map(unpack));
  } catch {
    return [];
  }
}
