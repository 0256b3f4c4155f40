/**
 * A picture of a batch becomes files.
 */
import type { OutputOptions } from '../../app/batch/batch-options.ts';
import { encodePicture } from '../jobs/picture-file.ts';
import type { Picture } from '../jobs/write-picture.ts';
import type { ResultStore } from './stores/result-store.ts';

/** A picture's file and, where its record lies beside it, that of the record; the picture comes last. */
export function filesOf({ file }: { readonly file: string }, { metadata }: OutputOptions): string[] {
  return metadata === 'sidecar' || metadata === 'both' ? [sidecarOf(file), file] : [file];
}

/**
 * Encodes and writes a picture; its file is written last, so that it is there only when all of it is.
 *
 * @returns bytes of the picture's file
 * @throws StudioError unwritable or disk-full
 */
export async function writeResult(
  store: ResultStore,
  file: string,
  picture: Picture,
  output: OutputOptions,
): Promise<number> {
  const embeds = output.metadata === 'embed' || output.metadata === 'both';
  const { bytes, hasRecord } = await encodePicture(picture, output, embeds);
  const beside = output.metadata === 'sidecar' || output.metadata === 'both' || (embeds && !hasRecord);
  if (beside) await store.write(sidecarOf(file), Buffer.from(`${JSON.stringify(picture.record, null, 2)}\n`));
  await store.write(file, bytes);
  return bytes.length;
}

function sidecarOf(file: string): string {
  return file.replace(/\.[^.]*$/, '.json');
}
