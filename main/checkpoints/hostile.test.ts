/**
 * Whole files that lie: each is refused quickly, for a reason, without reading or reserving more than the file has.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { ByteSource } from '../../native-models/weights/byte-source.ts';
import { readSafetensorsIndex } from '../../native-models/weights/safetensors.ts';
import { readTorchIndex } from '../../native-models/weights/torch-checkpoint.ts';
import { withFileSource } from './file-source.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readFloats } from './read-tensor.ts';
import { type TensorToZip, writeTorchZip, type ZipOptions } from './testing/write-torch-zip.ts';
import { writeSafetensors } from './write-safetensors.ts';

const MAX_CPU_MS = 1000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-hostile-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const ONE: TensorToZip = { name: 'a', type: 'f32', shape: [2], bytes: new Uint8Array(8) };
const TWO: TensorToZip = { ...ONE, name: 'b' };

/** The refusal of a file, after checks of its cost and of its sentence for the person. */
async function refusal(path: string): Promise<StudioError> {
  const before = process.cpuUsage();
  const error = await openCheckpoint(path).then(
    () => expect.fail('the file was accepted'),
    (reason: unknown) => reason,
  );
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(MAX_CPU_MS);
  expect(error).toBeInstanceOf(StudioError);
  expect((error as StudioError).hint).toMatch(/\w+/);
  return error as StudioError;
}

async function refused(contents: Uint8Array | string): Promise<string> {
  const path = join(folder, 'refused');
  writeFileSync(path, contents);
  for (const read of [readTorchIndex, readSafetensorsIndex]) {
    await withFileSource(path, async (source) => void (await read(guarded(source)).catch(passStudioErrors)));
  }
  const { code, message } = await refusal(path);
  return `${code}: ${message.slice(message.indexOf(folder) + path.length + 1)}`;
}

/** Readers may ask for nothing that the file does not have: what they ask for is reserved before it is read. */
function guarded(source: ByteSource): ByteSource {
  const read = (offset: number, length: number) => {
    if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) throw new RangeError(`${offset} + ${length}`);
    return source.read(offset, length);
  };
  return { ...source, read };
}

function passStudioErrors(error: unknown): void {
  if (!(error instanceof StudioError)) throw error;
}

function zip(tensors: readonly TensorToZip[], options: ZipOptions = {}): Buffer {
  const path = join(folder, 'sound.pth');
  writeTorchZip(path, tensors, options);
  return readFileSync(path);
}

function safetensors(header: object | string, dataBytes: number, claimed?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}`;
const REBUILD = 'ctorch._utils\n_rebuild_tensor_v2\n';
const LARGE = '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x10';

interface TensorFields {
  readonly storage?: string;
  readonly key?: string;
  readonly count?: string;
  readonly offset?: string;
  readonly shape?: string;
  readonly strides?: string;
}

/** A state dict of one tensor of two elements; each field may lie, as pickle instructions. */
function pickled(fields: TensorFields): Uint8Array {
  const { storage = 'FloatStorage', key = '0', count = 'K\x02', offset = 'K\x00' } = fields;
  const { shape = 'K\x02\x85', strides = 'K\x01\x85' } = fields;
  const id = `(${short('storage')}ctorch\n${storage}\n${short(key)}${short('cpu')}${count}tQ`;
  return latin1(`\x80\x02}${short('a')}${REBUILD}(${id}${offset}${shape}${strides}\x89NtRs.`);
}

describe('descriptions of tensors that lie', () => {
  it.each<[string, TensorFields, string]>([
    ['a storage larger than its file', { count: 'K\x09' }, 'larger than its file'],
    ['a storage of 2^60 elements', { count: LARGE }, 'not-a-model'],
    ['a view beyond its storage', { shape: 'K\x03\x85' }, 'beyond its storage'],
    ['a view that starts beyond its storage', { offset: 'K\x01' }, 'beyond its storage'],
    ['a view that strides beyond its storage', { strides: 'K\x02\x85' }, 'beyond its storage'],
    ['a view that starts at 2^60', { offset: LARGE }, 'makes no sense'],
    ['a size of 2^60', { shape: `${LARGE}\x85` }, 'makes no sense'],
    [
      'sizes of 2^80 in all',
      { shape: '(J\0\0\0\x10J\0\0\0\x10J\0\0\0\x10t', strides: 'K\0K\0K\0\x87' },
      'makes no sense',
    ],
    ['a negative size', { shape: 'J\xff\xff\xff\xff\x85' }, 'makes no sense'],
    ['a size that is not a number', { shape: 'G\x7f\xf8\0\0\0\0\0\0\x85' }, 'makes no sense'],
    ['a fractional size', { shape: 'G\x3f\xf8\0\0\0\0\0\0\x85' }, 'makes no sense'],
    ['fewer strides than sizes', { strides: ')' }, 'makes no sense'],
    ['a negative stride', { strides: 'J\xff\xff\xff\xff\x85' }, 'makes no sense'],
    ['a hundred axes', { shape: `(${'K\x01'.repeat(100)}t`, strides: `(${'K\x01'.repeat(100)}t` }, 'makes no sense'],
    ['a storage that is not there', { key: '7' }, 'has no data'],
    ['a storage outside the archive', { key: '../../../etc/passwd' }, 'has no data'],
    ['an unknown type', { storage: 'QUInt8Storage' }, 'not-a-model'],
  ])('%s', async (_, fields, reason) => {
    expect(await refused(zip([ONE], { pickle: pickled(fields) }))).toContain(reason);
  });
});

describe('pickles that would run or fill the memory', () => {
  const calls = (marker: string): [string, string][] => [
    ['os.system', `cos\nsystem\n(S'touch ${marker}'\ntR`],
    ['posix.system', `cposix\nsystem\n(S'touch ${marker}'\ntR`],
    ['builtins.eval', `cbuiltins\neval\n(S'open("${marker}","w")'\ntR`],
    ['__builtin__.eval', `c__builtin__\neval\n(S'open("${marker}","w")'\ntR`],
    ['os.system by its name', `${short('os')}${short('system')}\x93(S'touch ${marker}'\ntR`],
    ['os.system as an instance', `(S'touch ${marker}'\nios\nsystem\n`],
  ];

  it('call nothing', async () => {
    const marker = join(folder, 'executed');
    for (const [, call] of calls(marker)) {
      expect(await refused(zip([ONE], { pickle: latin1(`\x80\x04${call}.`) }))).toContain('not-a-model');
      const beside = Buffer.from(pickled({}))
        .toString('latin1')
        .replace('}', `}${short('x')}${call}s`);
      const path = join(folder, 'beside.pth');
      writeTorchZip(path, [ONE], { pickle: latin1(beside) });
      expect([...(await openCheckpoint(path)).entries.keys()]).toEqual(['a']);
    }
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['lists that double 60 times', `]q\0${'](h\0h\0eq\0'.repeat(60)}.`, 'not-a-model'],
    ['dictionaries that double 60 times', `}q\0${`}(${short('a')}h\0${short('b')}h\0uq\0`.repeat(60)}.`, 'not-a-model'],
    ['a list in itself', ']q\0h\0a.', 'not-a-model'],
    ['a dictionary in itself', `}q\0${short('model')}h\0s.`, 'not-a-model'],
    ['200 000 lists in each other', `${']'.repeat(200_000)}${'a'.repeat(199_999)}.`, 'not-a-model'],
    ['200 000 tuples in each other', `)${'\x85'.repeat(200_000)}.`, 'not-a-model'],
    ['200 000 marks', '('.repeat(200_000), 'corrupt-checkpoint'],
    ['a text of 4 GB', 'X\xff\xff\xff\xffa.', 'corrupt-checkpoint'],
    ['no end', '}', 'corrupt-checkpoint'],
    ['nothing', '', 'corrupt-checkpoint'],
  ])('%s', async (_, pickle, code) => {
    expect(await refused(zip([ONE], { pickle: latin1(pickle) }))).toContain(code);
  });
});

describe('archives that lie', () => {
  const CENTRAL = 'PK\x01\x02';
  const END64 = 'PK\x06\x06';
  const patched = (bytes: Buffer, signature: string, offset: number, value: bigint) => {
    const wide = signature === END64 || signature === 'PK\x06\x07';
    const at = bytes.indexOf(latin1(signature)) + offset;
    if (wide) bytes.writeBigUInt64LE(value, at);
    else bytes.writeUInt32LE(Number(value), at);
    return bytes;
  };

  it.each<[string, string, number, bigint, ZipOptions]>([
    ['a file beyond the end', CENTRAL, 42, 0x7fffffffn, {}],
    ['a file inside another', CENTRAL, 42, 1n, {}],
    ['a file of 2 GB', CENTRAL, 24, 0x7fffffffn, {}],
    ['a packed size of 2 GB', CENTRAL, 20, 0x7fffffffn, {}],
    ['64-bit sizes that are missing', CENTRAL, 24, 0xffffffffn, {}],
    ['a directory beyond the end', 'PK\x05\x06', 16, 0x7fffffffn, {}],
    ['a directory of 2 GB', 'PK\x05\x06', 12, 0x7fffffffn, {}],
    ['2^60 files', END64, 32, 2n ** 60n, { zip64: true }],
    ['a directory of 2^60 bytes', END64, 40, 2n ** 60n, { zip64: true }],
    ['a directory at 2^60', END64, 48, 2n ** 60n, { zip64: true }],
    ['a locator that points to 2^63', 'PK\x06\x07', 8, 2n ** 63n, { zip64: true }],
  ])('%s', async (_, signature, offset, value, options) => {
    expect(await refused(patched(zip([ONE], options), signature, offset, value))).toContain('corrupt-checkpoint');
  });

  it('name a file twice', async () => {
    const twice = zip([ONE, TWO]).toString('latin1').replaceAll('archive/data/1', 'archive/data/0');
    expect(await refused(latin1(twice))).toContain("'archive/data/0' twice");
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])('end after %i sixteenths', async (part) => {
    const whole = zip([ONE, TWO]);
    expect(await refused(whole.subarray(0, (whole.length * part) >> 4))).toContain('cut off');
  });

  it.each<[string, ZipOptions, string]>([
    ['compressed', { compressed: true }, 'is compressed'],
    ['big-endian', { byteorder: 'big' }, 'are big-endian'],
  ])('are %s: the hint says how to save them again', async (_, options, reason) => {
    const path = join(folder, 'again.pth');
    writeTorchZip(path, [ONE], options);
    const { code, message, hint } = await refusal(path);
    expect([code, hint]).toEqual(['corrupt-checkpoint', expect.stringContaining('torch.save')]);
    expect(message).toContain(reason);
  });
});

describe('safetensors that lie', () => {
  const tensor = (begin: number, end: number) => ({ dtype: 'U8', shape: [end - begin], data_offsets: [begin, end] });

  it.each<[string, Buffer, string]>([
    ['a header longer than the file', safetensors({}, 8, 4096n), 'longer than the file'],
    ['a header of 2^63 bytes', safetensors({}, 8, 2n ** 63n), 'not-a-model'],
    ['a header of 2^32 - 1 bytes', safetensors({}, 8, 2n ** 32n - 1n), 'not-a-model'],
    ['an overlap', safetensors({ a: tensor(0, 8), b: tensor(4, 12) }, 12), 'overlaps'],
    ['one inside another', safetensors({ a: tensor(0, 12), b: tensor(4, 8) }, 12), 'overlaps'],
    ['a gap', safetensors({ a: tensor(0, 4), b: tensor(8, 12) }, 12), 'leaves a gap'],
    ['data beyond the end', safetensors({ a: tensor(0, 16) }, 8), 'beyond the end'],
    ['bytes of no tensor', safetensors({ a: tensor(0, 4) }, 8), 'belong to no tensor'],
    ['200 000 arrays in each other', safetensors(`{"a":${'['.repeat(200_000)}`, 0), 'nested too deeply'],
  ])('%s', async (_, bytes, reason) => {
    expect(await refused(bytes)).toContain(reason);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])('end after %i sixteenths', async (part) => {
    const path = join(folder, 'sound.safetensors');
    const data = new Float32Array(256);
    await writeSafetensors(path, new Map([['a', { type: 'f32', shape: [256], data }]]));
    const whole = readFileSync(path);
    const expected = /longer than the file|beyond the end/;
    expect(await refused(whole.subarray(0, (whole.length * part) >> 4))).toMatch(expected);
  });
});

describe('files of another kind', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['a web page', '\n<!DOCTYPE html><html>', 'is a web page'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'Git LFS pointer'],
    ['a checkpoint before PyTorch 1.6', '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'older than 1.6'],
    ['text', 'Hello, world. This is a letter.', 'neither a safetensors file nor'],
  ])('%s', async (_, contents, reason) => {
    const result = await refused(latin1(contents));
    expect(result).toContain('not-a-model');
    expect(result).toContain(reason);
  });

  it.each<[string, () => string, string]>([
    ['a folder', () => folder, 'not-a-model'],
    ['a missing file', () => join(folder, 'nowhere'), 'missing-file'],
    ['a missing folder', () => join(folder, 'nowhere', 'x.pth'), 'missing-file'],
    ['a path with a zero byte', () => join(folder, 'a\0b'), 'missing-file'],
  ])('%s', async (_, path, code) => {
    expect((await refusal(path())).code).toBe(code);
  });

  it('links that lead nowhere or in circles', async () => {
    for (const target of ['nowhere', 'circle']) {
      const path = join(folder, target === 'circle' ? 'circle' : 'dangling');
      symlinkSync(target, path);
      expect((await refusal(path)).code).toBe('missing-file');
    }
  });

  it.runIf(process.platform === 'linux')('a disk that fails to read', async () => {
    const entry = { name: 'x', type: 'u8', shape: [8], strides: [1], file: '/proc/self/mem', offset: 0 } as const;
    await expect(readFloats(entry)).rejects.toMatchObject({ code: 'missing-file', hint: expect.any(String) });
  });
});
