/**
 * A file as a `ByteSource`.
 */
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { ByteSource } from '../../native-models/weights/byte-source.ts';
import { corrupt } from '../../native-models/weights/corrupt.ts';

/** Node counts the bytes of one read in 32 bits. */
const MAX_READ_BYTES = 2 ** 30;

/**
 * Opens a file for the time of `use`. Links are resolved: the source's name is the real path.
 *
 * @throws missing-file when it is not there or cannot be read, not-a-model when it is a folder
 */
export async function withFileSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const { file, real } = await openReadable(path);
  try {
    const { size } = await file.stat();
    return await use({
      name: real,
      size,
      read: (offset, length) => readExactly(file, real, offset, length),
    });
  } finally {
    await file.close();
  }
}

async function openReadable(path: string): Promise<{ file: FileHandle; real: string }> {
  try {
    const real = await realpath(path);
    // Looked at before it is opened: opening a named pipe waits for somebody to write to it.
    if (!(await stat(real)).isFile()) {
      throw new StudioError('not-a-model', `${path} is not a file.`, { hint: 'Give the checkpoint file itself.' });
    }
    return { file: await open(real, 'r'), real };
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const gone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw gone
      ? new StudioError('missing-file', `${path} does not exist.`, { hint: 'Check the path.', cause })
      : unreadable(path, 'Check that you may read it.', cause);
  }
}

function unreadable(path: string, hint: string, cause: unknown): StudioError {
  return new StudioError('missing-file', `${path} cannot be read.`, { hint, cause });
}

async function readExactly(file: FileHandle, name: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = allocate(name, length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file
      .read(bytes, done, Math.min(length - done, MAX_READ_BYTES), offset + done)
      .catch((cause: unknown) => {
        throw unreadable(name, 'Check that its disk works and is still connected.', cause);
      });
    if (bytesRead === 0) throw corrupt(name, 'it ends too early');
    done += bytesRead;
  }
  return bytes;
}

function allocate(name: string, length: number): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new StudioError('out-of-memory', `${name} needs ${length} bytes of memory at once, which are not free.`, {
      hint: 'Close other programs, or choose a smaller model.',
      cause,
    });
  }
}
