import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTorchIndex } from '../../native-models/weights/torch-checkpoint.ts';
import { withFileSource } from './file-source.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readFloats, readIntegers } from './read-tensor.ts';
import { type TensorToZip, torchPickle, writeTorchZip } from './testing/write-torch-zip.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-checkpoint-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const halves = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer);

it.each([
  ['f32', floats(1.5, -2), [1.5, -2]],
  ['f16', halves(0x3e00, 0xc000, 0x0001, 0x7c00), [1.5, -2, 2 ** -24, Number.POSITIVE_INFINITY]],
  ['f16', halves(0x7bff, 0x03ff, 0x0400, 0x8000, 0x7e00), [65504, 1023 * 2 ** -24, 2 ** -14, -0, Number.NaN]],
  ['bf16', halves(0x3fc0, 0xc000), [1.5, -2]],
  ['bf16', halves(0x0001, 0x7f7f, 0xff80), [2 ** -133, 255 * 2 ** 120, Number.NEGATIVE_INFINITY]],
  ['f64', new Uint8Array(Float64Array.of(1.5, -2).buffer), [1.5, -2]],
  ['f64', new Uint8Array(Float64Array.of(0.1, 1e300).buffer), [Math.fround(0.1), Number.POSITIVE_INFINITY]],
  ['i64', new Uint8Array(BigInt64Array.of(7n, -7n).buffer), [7, -7]],
  ['i32', new Uint8Array(Int32Array.of(7, -7).buffer), [7, -7]],
  ['u8', Uint8Array.of(0, 255), [0, 255]],
  ['bool', Uint8Array.of(0, 1), [0, 1]],
] as const)('reads %s', async (type, bytes, expected) => {
  const path = join(folder, `${type}.pth`);
  writeTorchZip(path, [{ name: 'x', type, shape: [expected.length], bytes }]);
  const entry = (await openCheckpoint(path)).entries.get('x')!;
  expect([...(await readFloats(entry))]).toEqual(expected);
  if (!type.includes('f')) expect(await readIntegers(entry)).toEqual(expected);
});

it.each([
  [
    [2, 2, 2],
    [1, 2, 4],
    [1, 5, 3, 7, 2, 6, 4, 8],
  ],
  [
    [3, 2],
    [0, 1],
    [1, 2, 1, 2, 1, 2],
  ],
  [
    [2, 2],
    [4, 1],
    [1, 2, 5, 6],
  ],
  [
    [1, 2],
    [7, 1],
    [1, 2],
  ],
  [[0, 5], [1, 1], []],
  [[], [], [1]],
])('follows strides: shape %j, strides %j', async (shape, strides, expected) => {
  const path = join(folder, 'views.pth');
  for (const [type, bytes] of [
    ['f32', floats(1, 2, 3, 4, 5, 6, 7, 8)],
    ['u8', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
  ] as const) {
    writeTorchZip(path, [{ name: 'x', type, shape, strides, bytes }]);
    const entry = (await openCheckpoint(path)).entries.get('x')!;
    expect([...(await readFloats(entry))]).toEqual(expected);
  }
});

it('follows strides', async () => {
  const path = join(folder, 'strided.pth');
  writeTorchZip(path, [{ name: 'x', type: 'f32', shape: [2, 3], strides: [1, 2], bytes: floats(1, 2, 3, 4, 5, 6) }]);
  const entry = (await openCheckpoint(path)).entries.get('x')!;
  expect([...(await readFloats(entry))]).toEqual([1, 3, 5, 2, 4, 6]);
});

it.each([[[]], [['model']], [['model_ema']], [['trainer', 'ema_parameters']]])(
  'finds weights below %j',
  async (root) => {
    const path = join(folder, 'nested.pth');
    writeTorchZip(path, [{ name: 'module.x', type: 'f32', shape: [1], bytes: floats(1) }], { root });
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint).toMatchObject({ container: 'torch-zip', root: root.join('.') });
    expect([...checkpoint.entries.keys()]).toEqual(['x']);
  },
);

it.each([
  ['module.', 'x'],
  ['_orig_mod.module.', 'x'],
  ['module._orig_mod.', 'x'],
  ['modules.', 'modules.x'],
])('takes the wrappers off %sx', async (prefix, expected) => {
  const path = join(folder, 'wrapped.pth');
  const tensor = { type: 'f32', shape: [1], bytes: floats(1) } as const;
  writeTorchZip(path, [
    { name: `${prefix}x`, ...tensor },
    { name: `${prefix}module.y`, ...tensor },
  ]);
  expect([...(await openCheckpoint(path)).entries.keys()][0]).toBe(expected);
});

it('reads only the directory, the local headers and the pickle', async () => {
  const path = join(folder, 'frugal.pth');
  const [count, bytes] = [220, new Uint8Array(1 << 16)];
  writeTorchZip(
    path,
    Array.from({ length: count }, (_, i) => ({ name: `w${i}`, type: 'f32', shape: [1 << 14], bytes })),
  );
  let read = 0;
  const { entries } = await withFileSource(path, (source) =>
    readTorchIndex({
      ...source,
      read: (offset, length) => {
        read += length;
        return source.read(offset, length);
      },
    }),
  );
  expect(entries.size).toBe(count);
  expect(statSync(path).size).toBeGreaterThan(count * bytes.length);
  expect(read).toBeLessThan(200_000);
});

it('reads 64-bit archives and resolves links', async () => {
  const path = join(folder, 'large.pth');
  const tensor: TensorToZip = { name: 'x', type: 'f32', shape: [1], bytes: floats(3) };
  writeTorchZip(path, [tensor], { zip64: true });
  symlinkSync(path, join(folder, 'link.pth'));
  const { file, entries } = await openCheckpoint(join(folder, 'link.pth'));
  expect(file).toBe(path);
  expect([...(await readFloats(entries.get('x')!))]).toEqual([3]);
});

const golden = (path: string) => fileURLToPath(new URL(`../../test/golden/${path}`, import.meta.url));

it.each([
  ['var256/checkpoint.pth', 38, 'blocks.1.attn.mat_qkv.weight', [384, 128]],
  ['var256/checkpoint.pth', 38, 'word_embed.weight', [128, 32], -0.12050522863864899, 0.1292087882757187],
  ['var256-legacy/checkpoint.pth', 36, 'pos_start', [1, 1, 64], -0.30469846725463867, 1.2243651151657104],
  ['var512-shared/checkpoint.pth', 37, 'head.weight', [320, 64], -0.23958006501197815, 0.4558914601802826],
  ['shared/vae_ch32v320z32.pth', 324, 'encoder.conv_in.weight', [32, 3, 3, 3], -0.04469311609864235],
  ['shared/vae_ch32v320z32.pth', 324, 'quantize.embedding.weight', [320, 32], 0.25798097252845764],
] as const)('reads what torch.save wrote: %s, %i tensors, %s', async (path, count, name, shape, ...first) => {
  const { entries, root } = await openCheckpoint(golden(path));
  expect([root, entries.size]).toEqual(['', count]);
  expect(entries.get(name)?.shape).toEqual(shape);
  expect([...(await readFloats(entries.get(name)!))].slice(0, first.length)).toEqual(first);
});

it('reads whole numbers that torch.save wrote', async () => {
  const { entries } = await openCheckpoint(golden('var256/checkpoint.pth'));
  expect((await readIntegers(entries.get('lvl_1L')!)).slice(0, 6)).toEqual([0, 1, 1, 1, 1, 2]);
});

it('reads a cache of links, as the Hugging Face Hub makes it', async () => {
  mkdirSync(join(folder, 'blobs'));
  mkdirSync(join(folder, 'snapshots', 'main'), { recursive: true });
  writeTorchZip(join(folder, 'blobs', 'c0ffee'), [{ name: 'x', type: 'f32', shape: [1], bytes: floats(3) }]);
  const link = join(folder, 'snapshots', 'main', 'model.pth');
  symlinkSync(join('..', '..', 'blobs', 'c0ffee'), link);
  const { file, entries } = await openCheckpoint(link);
  expect(file).toBe(realpathSync(join(folder, 'blobs', 'c0ffee')));
  expect([...(await readFloats(entries.get('x')!))]).toEqual([3]);
});

it.each([
  [['model', 'model_ema'], 'model_ema'],
  [['model_ema', 'model'], 'model_ema'],
  [['model', 'ema'], 'ema'],
  [['state_dict', 'model'], 'model'],
])('prefers averaged weights: of %j, %s', async (roots, best) => {
  const path = join(folder, 'several.pth');
  const tensors: TensorToZip[] = [{ name: 'x', type: 'f32', shape: [1], bytes: floats(1) }];
  const [first, second] = roots.map((root) => Buffer.from(torchPickle(tensors, [root])).toString('latin1'));
  // The second dictionary's items, without its protocol and its opening, join the first's.
  const pickle = Buffer.from(first!.slice(0, -1) + second!.slice(3), 'latin1');
  writeTorchZip(path, tensors, { pickle });
  expect((await openCheckpoint(path)).root).toBe(best);
});

it.each([
  ['nowhere.pth', 'missing-file'],
  ['.', 'not-a-model'],
])('says what is wrong with %s', async (name, code) => {
  await expect(openCheckpoint(join(folder, name))).rejects.toMatchObject({ code, hint: expect.any(String) });
});

it.runIf(process.platform === 'linux')('does not wait for a named pipe', async () => {
  const path = join(folder, 'pipe.pth');
  execFileSync('mkfifo', [path]);
  await expect(openCheckpoint(path)).rejects.toMatchObject({ code: 'not-a-model' });
});

it('says that a file is gone since it was opened', async () => {
  const path = join(folder, 'gone.pth');
  writeTorchZip(path, [{ name: 'x', type: 'f32', shape: [1], bytes: floats(1) }]);
  const entry = (await openCheckpoint(path)).entries.get('x')!;
  rmSync(path);
  await expect(readFloats(entry)).rejects.toMatchObject({ code: 'missing-file' });
});
