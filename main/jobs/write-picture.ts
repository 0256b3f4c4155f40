/**
 * A finished picture becomes a file.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { PictureRecord } from './picture-record.ts';
import { encodePng } from './png.ts';

export interface Picture {
  readonly image: RgbImage;
  readonly record: PictureRecord;
}

/** Replaces the file if there is one. Throws `unwritable` or `disk-full`, and leaves what was there. */
export async function writePicture(path: string, { image, record }: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(image, record));
}
