/**
 * Areas as pictures carry them: the plan, the cover, and what stood there before. What surrounds an area stands in the picture
 * itself, to the bit; in the authors' way it does not, and is carried too.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { AreaRecord } from '../jobs/picture-record.ts';
import type { AreaTask } from './picture-task.ts';

/** Deepest compression: what is not covered is all the same. */
const COMPRESSION = 9;

export async function packArea({ area, plan }: AreaTask): Promise<AreaRecord> {
  const { default: sharp } = await import('sharp');
  const { image, cover } = area;
  const { width, height } = image;
  const under = Buffer.alloc(width * height * 4);
  for (let i = 0; i < cover.data.length; i++) {
    if (cover.data[i] === 0 && plan.way === 'seamless') continue;
    under.set(image.data.subarray(i * 3, i * 3 + 3), i * 4);
    under[i * 4 + 3] = cover.data[i] as number;
  }
  const raw = { width, height, channels: 4 } as const;
  const png = await sharp(under, { raw }).png({ compressionLevel: COMPRESSION }).toBuffer();
  return { ...plan, under: png.toString('base64') };
}

/**
 * The area and its plan as they were before the picture was painted.
 *
 * @param image the picture that carries the record
 * @throws corrupt-input when the record does not belong to a picture of this size
 */
export async function unpackArea({ under, ...plan }: AreaRecord, { width, height, data }: RgbImage): Promise<AreaTask> {
  const before = await readUnder(under);
  if (before.width !== width || before.height !== height) {
    throw new StudioError('corrupt-input', 'The picture is damaged. What stood in it before has another size.');
  }
  const image = { width, height, data: data.slice() };
  const cover = { width, height, data: new Uint8Array(width * height) };
  for (let i = 0; i < cover.data.length; i++) {
    const alpha = before.data[i * 4 + 3] as number;
    if (alpha === 0 && plan.way === 'seamless') continue;
    cover.data[i] = alpha;
    image.data.set(before.data.subarray(i * 4, i * 4 + 3), i * 3);
  }
  return { area: { image, cover }, plan };
}

async function readUnder(under: string): Promise<{ width: number; height: number; data: Buffer }> {
  const { default: sharp } = await import('sharp');
  try {
    const png = sharp(Buffer.from(under, 'base64')).ensureAlpha().raw();
    const { data, info } = await png.toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw new StudioError('corrupt-input', 'The picture is damaged. What stood in it before cannot be read.', {
      cause,
    });
  }
}
