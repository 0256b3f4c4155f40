/**
 * Cases of `test/golden`: a checkpoint, a run, and what the authors' code gave for it.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../../main/checkpoints/read-safetensors.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import type { ExpectedTensor } from './compare.ts';

export interface GoldenCase {
  /** Absolute paths of the checkpoints. */
  readonly files: readonly string[];
  readonly run: Readonly<Record<string, unknown>>;
  /** Absolute path of the file with inputs and expected outputs. */
  readonly path: string;
  /** What is to be compared. */
  readonly tensors: readonly ExpectedTensor[];
  readonly expected: ReadonlyMap<string, NamedArray>;
  /** The inputs alone. */
  readonly forced: ReadonlyMap<string, NamedArray>;
}

interface Meta {
  readonly files: Readonly<Record<string, string>>;
  readonly expected: Readonly<
    Record<string, { readonly run: Record<string, unknown>; readonly tensors: readonly ExpectedTensor[] }>
  >;
}

export async function readGoldenCase(name: string, file: string): Promise<GoldenCase> {
  const folder = new URL(`./${name}/`, import.meta.url);
  const inFolder = (path: string) => fileURLToPath(new URL(path, folder));
  const meta = JSON.parse(await readFile(inFolder('meta.json'), 'utf8')) as Meta;
  const { run, tensors } = meta.expected[file] as Meta['expected'][string];
  const expected = await readSafetensors(inFolder(file));
  const inputs = tensors.filter((tensor) => !isCompared(tensor)).map((tensor) => tensor.name);
  return {
    files: Object.entries(meta.files).flatMap(([role, path]) => (role === 'textTokenizer' ? [] : [inFolder(path)])),
    run,
    path: inFolder(file),
    tensors: tensors.filter(isCompared),
    expected,
    forced: new Map([...expected].filter(([tensor]) => inputs.includes(tensor))),
  };
}

/** What is not compared is an input. */
function isCompared({ compare }: ExpectedTensor): boolean {
  return compare !== undefined;
}
