/**
 * A file as a `ByteSource`.
 */
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { ByteSource } from '../../native-models/weights/byte-source.ts';
import { corrupt } from '../../native-models/weights/corrupt.ts';

/**
 * Opens a file for the time of `use`. Links are resolved: the source's name is the real path.
 *
 * @throws missing-file when it is not there or cannot be read, not-a-model when it is a folder
 */
export async function withFileSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const { file, real } = await openReadable(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile())
      throw new StudioError('not-a-model', `${path} is not a file.`, { hint: 'Give the checkpoint file itself.' });
    return await use({
      name: real,
      size: stats.size,
      read: (offset, length) => readExactly(file, real, offset, length),
    });
  } finally {
    await file.close();
  }
}

async function openReadable(path: string): Promise<{ file: FileHandle; real: string }> {
  try {
    const real = await realpath(path);
    return { file: await open(real, 'r'), real };
  } catch (cause) {
    const gone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StudioError('missing-file', `${path} ${gone ? 'does not exist' : 'cannot be read'}.`, {
      hint: gone ? 'Check the path.' : 'Check that you may read it.',
      cause,
    });
  }
}

async function readExactly(file: FileHandle, name: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw corrupt(name, 'it ends too early');
    done += bytesRead;
  }
  return bytes;
}
