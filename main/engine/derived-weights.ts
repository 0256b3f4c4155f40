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
import { writeFileAtomic } from '../files/atomic-write.ts';
import { findPaths } from '../paths.ts';

/** In the data folder. */
export const DERIVED_WEIGHTS_FOLDER = join('cache', 'weights');

/** What a file of derived weights is: beside `<name>.safetensors`, in `<name>.json`. */
export interface DerivedWeights {
  /** As `Derivation` has it: a precision, mostly. */
  readonly kind: string;
  /** Absolute path of the checkpoint. */
  readonly source: string;
}

/** Changes whenever what is derived changes, so that old files are not read. */
const FORMAT = 1;

/**
 * Opens the derived tensors, writing them first when they are not in the cache.
 *
 * @throws unwritable, disk-full
 */
export async function deriveWeights(
  { kind, source, tensors }: Derivation,
  onProgress: (share: number) => void = () => {},
): Promise<TensorIndex> {
  const folder = join(findPaths().data, DERIVED_WEIGHTS_FOLDER);
  await mkdir(folder, { recursive: true });
  const names = tensors.map(({ name }) => name);
  const stem = join(folder, await cacheKey(kind, source, names));
  const path = `${stem}.safetensors`;
  if (!(await exists(path))) {
    await writeFileAtomic(`${stem}.json`, JSON.stringify({ kind, source: source.file } satisfies DerivedWeights));
    await streamSafetensors(path, counted(tensors, onProgress));
  }
  return openCheckpoint(path);
}

/** Tells how many tensors are there. */
function counted(tensors: Derivation['tensors'], onProgress: (share: number) => void): Derivation['tensors'] {
  return tensors.map((tensor, at) => ({
    ...tensor,
    produce: () => {
      onProgress(at / tensors.length);
      return tensor.produce();
    },
  }));
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
