/**
 * Writes the preview of each scale as `scale-00.png`, `scale-01.png`, …, enlarged to the picture's size.
 */
import { join } from 'node:path';
import type { RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';

export async function writeFrame(
  folder: string,
  { step, preview }: StepEvent,
  size: Pick<RgbImage, 'width' | 'height'>,
): Promise<string> {
  const { default: sharp } = await import('sharp');
  const path = join(folder, `scale-${String(step).padStart(2, '0')}.png`);
  const { width, height, data } = preview;
  const enlarged = sharp(data, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { kernel: 'linear', fit: 'fill' })
    .png();
  await writeFileAtomic(path, await enlarged.toBuffer());
  return path;
}
