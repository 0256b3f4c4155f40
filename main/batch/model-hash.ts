/**
 * What a model is, whatever it is called and wherever it lies: a hash over the whole contents of its files.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../app/base/errors.ts';

/** By path, size and time of change. */
const known = new Map<string, Promise<string>>();

/**
 * SHA-256 in hexadecimal over the files' own hashes; their order does not matter. A gigabyte takes about a second, once.
 *
 * @throws StudioError missing-file
 */
export async function hashModel(files: readonly string[]): Promise<string> {
  const hashes = await Promise.all(files.map(hashFile));
  return createHash('sha256').update(hashes.sort().join('\n')).digest('hex');
}

async function hashFile(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path).catch((cause: unknown) => {
    throw new StudioError('missing-file', `The model's file ${path} cannot be read.`, {
      hint: 'Put it back, or import the model again.',
      cause,
    });
  });
  const key = `${path}\0${size}\0${mtimeMs}`;
  const hash = known.get(key) ?? readHash(path);
  known.set(key, hash);
  // What could not be read is read again when it is asked for again.
  hash.catch(() => known.delete(key));
  return hash;
}

async function readHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
