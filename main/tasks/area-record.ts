/**
 * Areas as pictures carry them: the plan, the cover, and what stood there before. What surrounds an area stands in the picture
 * itself, to the bit; in the authors' way it does not, and is carried too.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Area } from '../../app/tasks/paint-area.ts';
import type { AreaRecord } from '../jobs/picture-record.ts';
import type { AreaTask } from './picture-task.ts';

/** Deepest compression: what is not covered is all the same. */
const COMPRESSION = 9;

export async function packArea({ area, plan }: AreaTask): Promise<AreaRecord> {
  const png = await areaToPng(area, { onlyCovered: plan.way === 'seamless', compression: COMPRESSION });
  return { ...plan, under: png.toString('base64') };
}

interface PngOptions {
  /** Leaves what is not covered black. */
  readonly onlyCovered: boolean;
  /** 0 … 9. */
  readonly compression: number;
}

/** A PNG whose alpha is the cover, and whose colours are the picture's. */
export async function areaToPng({ image, cover }: Area, { onlyCovered, compression }: PngOptions): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const { width, height } = image;
  const pixels = Buffer.alloc(width * height * 4);
  for (let i = 0; i < cover.data.length; i++) {
    if (cover.data[i] === 0 && onlyCovered) continue;
    pixels.set(image.data.subarray(i * 3, i * 3 + 3), i * 4);
    pixels[i * 4 + 3] = cover.data[i] as number;
  }
  const raw = { width, height, channels: 4 } as const;
  return sharp(pixels, { raw }).png({ compressionLevel: compression }).toBuffer();
}

/** The area of such a PNG. Throws whatever the decoder does. */
export async function pngToArea(png: Uint8Array): Promise<Area> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  const cover = { width, height, data: new Uint8Array(width * height) };
  for (let i = 0; i < cover.data.length; i++) {
    image.data.set(data.subarray(i * 4, i * 4 + 3), i * 3);
    cover.data[i] = data[i * 4 + 3] as number;
  }
  return { image, cover };
}

/**
 * The area and its plan as they were before the picture was painted.
 *
 * @param image the picture that carries the record
 * @throws corrupt-input when the record does not belong to a picture of this size
 */
export async function unpackArea({ under, ...plan }: AreaRecord, { width, height, data }: RgbImage): Promise<AreaTask> {
  const before = await readUnder(under);
  if (before.image.width !== width || before.image.height !== height) {
    throw new StudioError('corrupt-input', 'The picture is damaged. What stood in it before has another size.');
  }
  const image = { width, height, data: data.slice() };
  for (let i = 0; i < before.cover.data.length; i++) {
    if (before.cover.data[i] === 0 && plan.way === 'seamless') continue;
    image.data.set(before.image.data.subarray(i * 3, i * 3 + 3), i * 3);
  }
  return { area: { image, cover: before.cover }, plan };
}

async function readUnder(under: string): Promise<Area> {
  try {
    return await pngToArea(Buffer.from(under, 'base64'));
  } catch (cause) {
    throw new StudioError('corrupt-input', 'The picture is damaged. What stood in it before cannot be read.', {
      cause,
    });
  }
}
