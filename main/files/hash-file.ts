/**
 * SHA-256 of files of any size.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { cancelled, StudioError } from '../../app/base/errors.ts';

const CHUNK_BYTES = 4 * 2 ** 20;

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes that are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** 64 hex digits. Throws `cancelled`, or `missing-file` when the file cannot be read. */
export async function hashFile(path: string, { signal, onProgress }: HashOptions = {}): Promise<string> {
  const file = await open(path, 'r').catch((cause) => {
    throw unreadable(path, cause);
  });
  try {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let done = 0; ; ) {
      if (signal?.aborted) throw cancelled();
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, done).catch((cause) => {
        throw unreadable(path, cause);
      });
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      done += bytesRead;
      onProgress?.(done);
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): StudioError {
  return new StudioError('missing-file', `${path} cannot be read.`, {
    hint: 'Check that it is there, that you may read it and that its disk works.',
    cause,
  });
}
