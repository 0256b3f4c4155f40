/**
 * Pictures and masks that a person gives, whatever they are: brought to 8-bit colours and covers, with notes on what was done.
 */
import { readFile } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { resizeMask } from '../../app/imaging/resample.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';
import type { FrameSize } from '../../app/tasks/plan-frames.ts';
import { readImageFile } from '../host/images.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { readPngRecord } from '../jobs/png.ts';
import { MAX_SIDE } from './picture-flags.ts';

export interface SourcePicture {
  /** On white where it is not opaque. */
  readonly image: RgbImage;
  /** How much of each pixel is missing, or undefined for an opaque picture. */
  readonly missing: Mask | undefined;
  /** What Underpaint wrote into it, if it did. */
  readonly record: PictureRecord | undefined;
  /** What the person should know. */
  readonly notes: readonly string[];
}

/** JPEG leaves traces beside what was painted; covers so near to nothing or all are meant to be that. */
const NEARLY = 8;
/** How much two shapes may differ and still be the same. */
const SHAPE_TOLERANCE = 0.02;

/** @throws missing-file, corrupt-input, or bad-request for a picture that is too large to be painted in */
export async function readSource(path: string): Promise<SourcePicture> {
  const { image } = await readImageFile(path);
  if (Math.max(image.width, image.height) > MAX_SIDE) {
    throw new StudioError('bad-request', `${path} is ${image.width}×${image.height}: more than ${MAX_SIDE} a side.`, {
      hint: 'Make it smaller, or cut out the part to paint in.',
    });
  }
  const file = await readFile(path);
  const notes = (await isDeep(file)) ? [`${path} has 16 bits a colour; what is painted has 8.`] : [];
  return { image: onWhite(image), missing: missingOf(image), record: recordOf(file), notes };
}

/**
 * What a mask covers: white is painted anew, black stays; of a mask with transparency, what is opaque is painted anew.
 *
 * @throws missing-file, corrupt-input, or bad-request for another shape than the picture's
 */
export async function readMask(path: string, size: FrameSize): Promise<{ mask: Mask; notes: readonly string[] }> {
  const { image } = await readImageFile(path);
  const { width, height } = image;
  const shape = (width * size.height) / (height * size.width);
  if (Math.abs(shape - 1) > SHAPE_TOLERANCE) {
    throw new StudioError(
      'bad-request',
      `The mask is ${width}×${height}, and the picture ${size.width}×${size.height}: they have different shapes.`,
      { hint: 'Make the mask as large as the picture.' },
    );
  }
  const drawn = { width, height, data: coverOf(image) };
  const same = width === size.width && height === size.height;
  if (same) return { mask: drawn, notes: [] };
  const mask = resizeMask(drawn, size.width, size.height);
  return {
    mask,
    notes: [`The mask was brought from ${width}×${height} to the picture's ${size.width}×${size.height}.`],
  };
}

function coverOf(image: RgbaImage): Uint8Array {
  const missing = missingOf(image);
  return Uint8Array.from({ length: image.width * image.height }, (_, i) => {
    const [r, g, b] = [0, 1, 2].map((color) => image.data[i * 4 + color] as number) as [number, number, number];
    const cover = missing ? 255 - (missing.data[i] as number) : Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    return cover < NEARLY ? 0 : cover > 255 - NEARLY ? 255 : cover;
  });
}

function missingOf({ width, height, data }: RgbaImage): Mask | undefined {
  const missing = Uint8Array.from({ length: width * height }, (_, i) => 255 - (data[i * 4 + 3] as number));
  return missing.some((value) => value > 0) ? { width, height, data: missing } : undefined;
}

function onWhite({ width, height, data }: RgbaImage): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[i * 4 + 3] as number;
    for (let color = 0; color < 3; color++) {
      rgb[i * 3 + color] = Math.round(255 + (((data[i * 4 + color] as number) - 255) * alpha) / 255);
    }
  }
  return { width, height, data: rgb };
}

async function isDeep(file: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import('sharp');
  const { depth } = await sharp(file).metadata();
  return depth !== 'uchar';
}

function recordOf(file: Uint8Array): PictureRecord | undefined {
  try {
    return readPngRecord(file);
  } catch {
    // A picture of another program, or one that says nothing of itself.
    return undefined;
  }
}
