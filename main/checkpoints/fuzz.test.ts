/**
 * Damaged and hostile checkpoints: whatever the bytes, the outcome is an index or a `StudioError`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import { Mt19937 } from '../../native-models/sampling/mt19937.ts';
import { interpretPickle } from '../../native-models/weights/pickle.ts';
import { PickleError } from '../../native-models/weights/pickle-reader.ts';
import { readSafetensorsIndex } from '../../native-models/weights/safetensors.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readFloats } from './read-tensor.ts';
import { type TensorToZip, torchPickle, writeTorchZip } from './testing/write-torch-zip.ts';
import { writeSafetensors } from './write-safetensors.ts';

const MUTATIONS = 1500;
/** Generous, for a machine that is busy: one mutation takes a few milliseconds. */
const MAX_OUTCOME_MS = 5000;
const MAX_MEMORY_GROWTH = 500e6;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-fuzz-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a file and reads what it says it has; returns the error's code, or `fine`. */
async function outcome(path: string): Promise<string> {
  try {
    const { entries } = await openCheckpoint(path);
    for (const entry of entries.values()) await readFloats(entry);
    return 'fine';
  } catch (error) {
    if (error instanceof StudioError && error.code !== 'internal') return error.code;
    throw error;
  }
}

/** Little-endian numbers at the edges of what a field can say. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 60, 2 ** 63].map((value) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((i) => Math.floor(value / 2 ** (8 * i)) % 256),
);

/** Flips a bit, sets, inserts or deletes bytes, overwrites a number, copies a part over another, or cuts the end off. */
function mutate(bytes: Uint8Array, random: Mt19937): Uint8Array {
  const result = Array.from(bytes);
  const below = (limit: number) => random.next() % Math.max(1, limit);
  const at = () => below(result.length);
  for (let edits = 1 + below(4); edits > 0; edits--) {
    const kind = below(7);
    if (kind === 0) result[at()]! ^= 1 << below(8);
    else if (kind === 1) result[at()] = [0, 0x7f, 0x80, 0xff][below(4)]!;
    else if (kind === 2) result.splice(at(), 0, below(256));
    else if (kind === 3) result.splice(at(), 1 + below(8));
    else if (kind === 4) overwrite(result, at(), EXTREMES[below(EXTREMES.length)]!.slice(0, 1 << below(4)));
    else if (kind === 5) overwrite(result, at(), result.slice(at()).slice(0, 1 + below(64)));
    else if (below(4) === 0) result.length = at();
  }
  return Uint8Array.from(result);
}

function overwrite(target: number[], at: number, part: readonly number[]): void {
  target.splice(at, part.length, ...part);
}

async function fuzz(valid: string, seed: number): Promise<Map<string, number>> {
  const bytes = readFileSync(valid);
  const random = new Mt19937(seed);
  const seen = new Map<string, number>();
  const path = join(folder, 'mutated');
  const memory = process.memoryUsage().rss;
  for (let i = 0; i < MUTATIONS; i++) {
    writeFileSync(path, mutate(bytes, random));
    const start = performance.now();
    const result = await outcome(path);
    expect(performance.now() - start).toBeLessThan(MAX_OUTCOME_MS);
    seen.set(result, (seen.get(result) ?? 0) + 1);
  }
  expect(process.memoryUsage().rss - memory).toBeLessThan(MAX_MEMORY_GROWTH);
  return seen;
}

describe('mutations', () => {
  it('of a torch archive', async () => {
    const path = join(folder, 'valid.pth');
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    writeTorchZip(path, [
      { name: 'a.weight', type: 'f32', shape: [2, 3], bytes },
      { name: 'b', type: 'f16', shape: [4], bytes: new Uint8Array(8) },
    ]);
    expect(await outcome(path)).toBe('fine');
    const seen = await fuzz(path, 1);
    expect(seen.get('corrupt-checkpoint')).toBeGreaterThan(MUTATIONS / 4);
  });

  it('of a pickle in a sound archive', async () => {
    const path = join(folder, 'mutated.pth');
    const tensors: TensorToZip[] = [
      { name: 'a.weight', type: 'f32', shape: [2, 3], strides: [1, 2], bytes: new Uint8Array(24) },
      { name: 'b', type: 'i64', shape: [1], bytes: new Uint8Array(8) },
    ];
    const random = new Mt19937(3);
    const seen = new Set<string>();
    for (let i = 0; i < MUTATIONS; i++) {
      writeTorchZip(path, tensors, { pickle: mutate(torchPickle(tensors, ['model']), random) });
      seen.add(await outcome(path));
    }
    expect([...seen].sort()).toEqual(['corrupt-checkpoint', 'fine', 'not-a-model']);
  });

  it('of a safetensors file', async () => {
    const path = join(folder, 'valid.safetensors');
    await writeSafetensors(path, new Map([['a', { type: 'f32', shape: [2], data: Float32Array.of(1, 2) }]]));
    expect(await outcome(path)).toBe('fine');
    const seen = await fuzz(path, 2);
    expect(seen.get('corrupt-checkpoint')).toBeGreaterThan(MUTATIONS / 4);
  });
});

const character = (code: number) => String.fromCharCode(code);

/** Whole instructions of pickles, arguments included: sequences of them come further than bytes alone. */
const INSTRUCTIONS = [
  ...'(012N)]}tlda\x85\x86\x87esuRbQ\x81\x88\x89\x8f\x90\x91\x92\x93\x94o',
  ...['K\x00', 'K\x02', 'J\xff\xff\xff\xff', 'M\x00\x01', 'G\x7f\xf8\0\0\0\0\0\0', '\x8a\x08\0\0\0\0\0\0\0\x10'],
  ...['h\x00', 'h\x01', 'q\x00', 'q\x01', 'g0\n', 'p0\n', 'I01\n', 'I-1\n', 'F1.5\n', 'L9L\n'],
  ...['\x8c\x07storage', '\x8c\x010', '\x8c\x03cpu', 'X\x01\0\0\0a', 'ctorch\nFloatStorage\n', 'ctorch\nSize\n'],
  ...['ctorch._utils\n_rebuild_tensor_v2\n', 'ctorch._utils\n_rebuild_tensor_v3\n', 'ctorch\nfloat16\n'],
  ...['ccollections\nOrderedDict\n', 'cargparse\nNamespace\n', 'cos\nsystem\n', 'ios\nsystem\n', 'B\x01\0\0\0a'],
  '(\x8c\x07storagectorch\nFloatStorage\n\x8c\x010\x8c\x03cpuK\x08tQ',
];

describe('arbitrary', () => {
  it('safetensors headers are read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const header = new TextEncoder().encode(json);
        const bytes = new Uint8Array(8 + header.length + 64);
        new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
        bytes.set(header, 8);
        const read = async (offset: number, length: number) => bytes.slice(offset, offset + length);
        const source = { name: 'x', size: bytes.length, read };
        await readSafetensorsIndex(source).catch((error: unknown) => expect(error).toBeInstanceOf(StudioError));
      }),
    );
  });

  it('pickles are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          interpretPickle(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PickleError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('instructions are followed or refused', () => {
    const instruction = fc.oneof(fc.constantFrom(...INSTRUCTIONS), fc.integer({ min: 0, max: 255 }).map(character));
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 60 }), (instructions) => {
        try {
          interpretPickle(Buffer.from(`${instructions.join('')}.`, 'latin1'));
        } catch (error) {
          expect(error).toBeInstanceOf(PickleError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hostile pickles', () => {
  const pickle = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it('call nothing', () => {
    const marker = join(folder, 'executed');
    const value = interpretPickle(pickle(`cos\nsystem\n(S'touch ${marker}'\ntR.`));
    expect(value).toEqual({ kind: 'opaque', of: 'os.system' });
    expect(() => readFileSync(marker)).toThrow();
  });

  it('cannot fill the memory by referring to themselves', () => {
    const doubling = `]q\x00${'(h\x00h\x00lq\x00'.repeat(5000)}.`;
    expect(interpretPickle(pickle(doubling))).toMatchObject({ kind: 'list' });
  });

  it('may nest deeply', () => {
    expect(interpretPickle(pickle(`${']'.repeat(200_000)}${'a'.repeat(199_999)}.`))).toMatchObject({ kind: 'list' });
    expect(() => interpretPickle(pickle('('.repeat(200_000)))).toThrow(PickleError);
  });
});

describe('lies about sizes', () => {
  const refused = async (name: string, bytes: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return outcome(path);
  };

  it.each([
    [{ dtype: 'F32', shape: [2 ** 52, 2 ** 52], data_offsets: [0, 8] }],
    [{ dtype: 'F32', shape: [-2], data_offsets: [0, 8] }],
    [{ dtype: 'F32', shape: [2.5], data_offsets: [0, 10] }],
    [{ dtype: 'F32', shape: [2], data_offsets: [0, 2 ** 60] }],
    [{ dtype: 'F99', shape: [2], data_offsets: [0, 8] }],
    [{ dtype: 'F32', shape: [2], data_offsets: [8, 16] }],
    [{ dtype: 'constructor', shape: [2], data_offsets: [0, 8] }],
  ])('in a header: %j', async (tensor) => {
    const json = new TextEncoder().encode(JSON.stringify({ tensor }));
    const bytes = new Uint8Array(8 + json.length + 8);
    bytes[0] = json.length;
    bytes.set(json, 8);
    expect(await refused('lying.safetensors', bytes)).toBe('corrupt-checkpoint');
  });

  it('overlapping tensors are refused', async () => {
    const tensor = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    const json = new TextEncoder().encode(JSON.stringify({ a: tensor, b: tensor }));
    const bytes = new Uint8Array(8 + json.length + 8);
    bytes[0] = json.length;
    bytes.set(json, 8);
    expect(await refused('overlapping.safetensors', bytes)).toBe('corrupt-checkpoint');
  });

  it('a small file does not become a large tensor', async () => {
    const path = join(folder, 'repeated.pth');
    const tensor = { name: 'a', type: 'f32', bytes: new Uint8Array(4) } as const;
    writeTorchZip(path, [{ ...tensor, shape: [1000], strides: [0] }]);
    expect(await outcome(path)).toBe('fine');
    writeTorchZip(path, [{ ...tensor, shape: [2 ** 20, 2 ** 20], strides: [0, 0] }]);
    expect(await outcome(path)).toBe('corrupt-checkpoint');
  });

  it('a view beyond its storage, a compressed archive and big-endian numbers are refused', async () => {
    const tensor = { name: 'a', type: 'f32', shape: [3], bytes: new Uint8Array(8) } as const;
    const cases = [
      [tensor, {}],
      [{ ...tensor, shape: [2] }, { compressed: true }],
      [{ ...tensor, shape: [2] }, { byteorder: 'big' }],
    ] as const;
    for (const [broken, options] of cases) {
      const path = join(folder, 'broken.pth');
      writeTorchZip(path, [broken], options);
      expect(await outcome(path)).toBe('corrupt-checkpoint');
    }
  });

  it.each([
    ['', 'not-a-model'],
    ['<!DOCTYPE html><html>', 'not-a-model'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:00', 'not-a-model'],
    ['\x80\x02}q\x00.', 'not-a-model'],
    ['PK\x03\x04 cut off', 'corrupt-checkpoint'],
    [`PK\x05\x06${'\0'.repeat(18)}`, 'not-a-model'],
    [`PK\x03\x04${'\0'.repeat(26)}PK\x05\x06${'\0'.repeat(18)}`, 'not-a-model'],
  ])('another kind of file: %j', async (content, code) => {
    expect(await refused('other', Buffer.from(content, 'latin1'))).toBe(code);
  });
});
