/**
 * Published checkpoints without their numbers: names, shapes and types only.
 */
import { readFileSync } from 'node:fs';
import {
  contiguousStrides,
  type StorageType,
  type TensorEntry,
  type TensorIndex,
} from '../../native-models/weights/tensor-entry.ts';

const TYPES: Readonly<Record<string, StorageType>> = { float32: 'f32', int64: 'i64' };

/** A mutable copy, so that a test can damage it. */
export interface StrippedCheckpoint extends TensorIndex {
  readonly entries: Map<string, TensorEntry>;
}

/** @param name a file of `test/fixtures/state-dicts`, without `.txt` */
export function strippedCheckpoint(name: string): StrippedCheckpoint {
  const file = `/models/${name}.pth`;
  const text = readFileSync(new URL(`../fixtures/state-dicts/${name}.txt`, import.meta.url), 'utf8');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => parseLine(line, file));
  return { file, entries: new Map(entries.map((entry) => [entry.name, entry])) };
}

/** `key TAB (sizes) TAB type` */
function parseLine(line: string, file: string): TensorEntry {
  const [name = '', sizes = '', typeName = ''] = line.split('\t');
  const shape = [...sizes.matchAll(/\d+/g)].map(Number);
  const type = TYPES[typeName.trim()];
  if (!type) throw new Error(`Unknown type in '${line}'.`);
  return { name, type, shape, strides: contiguousStrides(shape), file, offset: 0 };
}

/** Gives a tensor another shape. */
export function misshape({ entries }: StrippedCheckpoint, key: string, shape: readonly number[]): void {
  const entry = entries.get(key);
  if (!entry) throw new Error(`No tensor '${key}'.`);
  entries.set(key, { ...entry, shape, strides: contiguousStrides(shape) });
}
