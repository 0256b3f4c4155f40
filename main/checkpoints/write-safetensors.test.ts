import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readSafetensors } from './read-safetensors.ts';
import { streamSafetensors, writeSafetensors } from './write-safetensors.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-safetensors-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ARRAYS = {
  f32: (bytes: ArrayBuffer) => new Float32Array(bytes),
  f64: (bytes: ArrayBuffer) => new Float64Array(bytes),
  i32: (bytes: ArrayBuffer) => new Int32Array(bytes),
  i64: (bytes: ArrayBuffer) => new BigInt64Array(bytes),
  u8: (bytes: ArrayBuffer) => new Uint8Array(bytes),
} as const;
const WIDTHS = { f32: 4, f64: 8, i32: 4, i64: 8, u8: 1 } as const;

const tensor = fc
  .record({
    type: fc.constantFrom('f32', 'f64', 'i32', 'i64', 'u8'),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    seed: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  })
  .map(({ type, shape, seed }) => {
    const bytes = new Uint8Array(WIDTHS[type] * shape.reduce((product, size) => product * size, 1));
    for (const i of bytes.keys()) bytes[i] = seed[i % 8]! ^ (i >> 3);
    return { type, shape, data: ARRAYS[type](bytes.buffer) } as NamedArray;
  });
const name = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__'),
  fc.constantFrom('__proto__', 'constructor', '', '0', '"\\\n'),
);

const bytesOf = ({ data }: NamedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
const flat = (tensors: ReadonlyMap<string, NamedArray>) =>
  [...tensors].map(([key, { type, shape, ...rest }]) => [
    key,
    type,
    [...shape],
    bytesOf({ type, shape, ...rest } as NamedArray),
  ]);

it('reads back, bit for bit, what was written', async () => {
  const path = join(folder, 'x.safetensors');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, tensor), { maxLength: 6 }), async (pairs) => {
      const tensors = new Map(pairs);
      await writeSafetensors(path, tensors);
      const read = await readSafetensors(path);
      expect(new Set(flat(read).map((item) => JSON.stringify(item)))).toEqual(
        new Set(flat(tensors).map((item) => JSON.stringify(item))),
      );
    }),
    { numRuns: 150 },
  );
});

it('is a checkpoint with aligned data', async () => {
  const path = join(folder, 'x.safetensors');
  await writeSafetensors(path, new Map([['a', { type: 'f32', shape: [2], data: Float32Array.of(1, 2) }]]));
  const { container, entries } = await openCheckpoint(path);
  expect(container).toBe('safetensors');
  expect(entries.get('a')).toMatchObject({ type: 'f32', shape: [2] });
  expect(entries.get('a')!.offset % 8).toBe(0);
});

it('writes part of a buffer as the part alone', async () => {
  const path = join(folder, 'x.safetensors');
  const data = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  await writeSafetensors(path, new Map([['a', { type: 'f32', shape: [2], data }]]));
  expect([...(await readSafetensors(path)).get('a')!.data]).toEqual([2, 3]);
});

it('asks for one tensor after the other', async () => {
  const path = join(folder, 'x.safetensors');
  const asked: number[] = [];
  let busy = 0;
  const produce = async (i: number) => {
    expect(++busy).toBe(1);
    asked.push(i);
    await new Promise(setImmediate);
    busy--;
    return Uint8Array.of(i);
  };
  await streamSafetensors(
    path,
    [0, 1, 2].map((i) => ({ name: `t${i}`, type: 'u8', shape: [1], produce: () => produce(i) })),
  );
  expect(asked).toEqual([0, 1, 2]);
  expect([...readFileSync(path).subarray(-3)]).toEqual([0, 1, 2]);
});

it('leaves nothing behind when a tensor has another size or cannot be made', async () => {
  const tensors = (produce: () => Promise<Uint8Array>) => [{ name: 'a', type: 'u8', shape: [2], produce } as const];
  const path = join(folder, 'x.safetensors');
  await expect(
    streamSafetensors(
      path,
      tensors(async () => new Uint8Array(3)),
    ),
  ).rejects.toThrow('a: 3 bytes for 2.');
  const stop = new Error('stop');
  await expect(
    streamSafetensors(
      path,
      tensors(async () => {
        throw stop;
      }),
    ),
  ).rejects.toBe(stop);
  expect(readdirSync(folder)).toEqual([]);
});

it('does not read types that traces do not have', async () => {
  const path = join(folder, 'x.safetensors');
  const produce = async () => new Int8Array(1);
  await streamSafetensors(path, [{ name: 'a', type: 'i8', shape: [1], produce }]);
  await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'bad-request' });
});
