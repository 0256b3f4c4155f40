/**
 * Checkpoints that `torch.save` writes: a zip archive with a pickle and one stored file for each storage.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { corrupt, safeProduct, shown } from './corrupt.ts';
import { interpretPickle } from './pickle.ts';
import { PickleError } from './pickle-reader.ts';
import type { PickleTensor, PickleValue } from './pickle-values.ts';
import { findStateDict } from './state-dict-root.ts';
import { ELEMENT_BYTES, type TensorEntry, type TensorIndex } from './tensor-entry.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

const MAX_PICKLE_BYTES = 64 * 2 ** 20;
const MAX_BYTE_ORDER_BYTES = 16;
/** A view may repeat the elements of its storage (stride 0), but not grow a small file into any amount of memory. */
const MAX_REPEATED_ELEMENTS = 2 ** 24;
const SAVE_AGAIN =
  'Load it with PyTorch on a usual machine and save it again: torch.save(torch.load("in.pth"), "out.pth").';

/**
 * The tensors of the archive's best state dict.
 *
 * @returns `root` says where in the file they were, such as `model_ema`; empty when at the top
 * @throws corrupt-checkpoint, or not-a-model when there are no tensors
 */
export async function readTorchIndex(source: ByteSource): Promise<TensorIndex & { readonly root: string }> {
  const archive = await readZipDirectory(source);
  const pickle = [...archive.values()].find(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (!pickle) {
    throw new StudioError('not-a-model', `${source.name} is a zip archive, but not a PyTorch checkpoint.`, {
      hint: 'If the checkpoint is inside, unpack the archive first.',
    });
  }
  const prefix = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(source, archive.get(`${prefix}byteorder`));
  const value = interpret(source.name, await readStored(source, pickle, MAX_PICKLE_BYTES));
  const { tensors, root } = findStateDict(source.name, value);
  const entries = new Map<string, TensorEntry>();
  for (const [name, tensor] of tensors) entries.set(name, entryOf(source, archive, prefix, { name, tensor }));
  return { file: source.name, entries, root };
}

function interpret(file: string, bytes: Uint8Array): PickleValue {
  try {
    return interpretPickle(bytes);
  } catch (error) {
    if (error instanceof PickleError) throw corrupt(file, `its pickle cannot be read, ${error.message}`);
    throw error;
  }
}

async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (!entry) return;
  const text = new TextDecoder().decode(await readStored(source, entry, MAX_BYTE_ORDER_BYTES));
  if (text.trim() !== 'little') throw corrupt(source.name, 'its numbers are big-endian', SAVE_AGAIN);
}

async function readStored(source: ByteSource, entry: ZipEntry, limit: number): Promise<Uint8Array> {
  if (entry.compressed) throw corrupt(source.name, `'${shown(entry.name)}' is compressed`, SAVE_AGAIN);
  if (entry.size > limit) throw corrupt(source.name, `'${shown(entry.name)}' claims ${entry.size} bytes`);
  return source.read(entry.offset, entry.size);
}

function entryOf(
  source: ByteSource,
  archive: ReadonlyMap<string, ZipEntry>,
  prefix: string,
  { name, tensor }: { name: string; tensor: PickleTensor },
): TensorEntry {
  const { storage, type, shape, strides } = tensor;
  const wrong = (what: string, hint?: string) => corrupt(source.name, `tensor '${shown(name)}' ${what}`, hint);
  const file = archive.get(`${prefix}data/${storage.key}`);
  if (!file) throw wrong('has no data in the archive');
  if (file.compressed) throw wrong('is compressed', SAVE_AGAIN);
  const bytes = ELEMENT_BYTES[type];
  const end = lastElement(tensor);
  const count = safeProduct(shape);
  if (end === undefined || count === undefined) throw wrong('has a shape that makes no sense');
  const claimed = storage.count * (storage.type ? ELEMENT_BYTES[storage.type] : 1);
  if (claimed > file.size) throw wrong('has a storage larger than its file');
  if (end * bytes > claimed) throw wrong('reaches beyond its storage');
  if (count * bytes > claimed && count > MAX_REPEATED_ELEMENTS) throw wrong('repeats its storage too often');
  return { name, type, shape, strides, file: source.name, offset: file.offset + tensor.offset * bytes };
}

/** Elements of the storage that a view needs; undefined beyond exact numbers. */
function lastElement({ offset, shape, strides }: PickleTensor): number | undefined {
  if (shape.includes(0)) return offset;
  let last = offset;
  for (const [axis, size] of shape.entries()) last += (size - 1) * (strides[axis] as number);
  return Number.isSafeInteger(last + 1) ? last + 1 : undefined;
}
