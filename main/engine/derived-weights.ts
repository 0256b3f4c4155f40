/**
 * The cache of derived weights: one file for each checkpoint and kind, made on first use.
 */
import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Derivation } from '../../native-models/weights/derived-tensor.ts';
import type { TensorIndex } from '../../native-models/weights/tensor-entry.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { streamSafetensors } from '../checkpoints/write-safetensors.ts';
import { findPaths } from '../paths.ts';

/** Changes whenever what is derived changes, so that old files are not read. */
const FORMAT = 1;

/**
 * Opens the derived tensors, writing them first when they are not in the cache.
 *
 * @throws unwritable, disk-full
 */
export async function deriveWeights({ kind, source, tensors }: Derivation): Promise<TensorIndex> {
  const folder = join(findPaths().data, 'cache', 'weights');
  await mkdir(folder, { recursive: true });
  const path = join(
    folder,
    `${await cacheKey(
      kind,
      source,
      tensors.map(({ name }) => name),
    )}.safetensors`,
  );
  if (!(await exists(path))) await streamSafetensors(path, tensors);
  return openCheckpoint(path);
}

/** The file's identity (path, size, time of change), and what is derived from it. */
async function cacheKey(kind: string, { file }: TensorIndex, names: readonly string[]): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const facts = [FORMAT, kind, file, size, mtimeMs, ...names];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
