import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintFile, fingerprintFiles, sameFingerprints } from './fingerprint.ts';

const MIB = 2 ** 20;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-fingerprint-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

it('reads small files whole and large ones at both ends', async () => {
  const small = Buffer.from('weights');
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  expect(await fingerprintFile(await fileOf('small', small))).toEqual({ size: 7, sha256: sha256(small) });

  const large = Buffer.alloc(3 * MIB, 1);
  const print = await fingerprintFile(await fileOf('large', large));
  expect(print).toEqual({ size: 3 * MIB, sha256: sha256(Buffer.alloc(2 * MIB, 1)) });
  large[3 * MIB - 1] = 2;
  expect(await fingerprintFile(await fileOf('other-end', large))).not.toEqual(print);
  large[3 * MIB - 1] = 1;
  large[MIB + 5] = 2;
  expect(await fingerprintFile(await fileOf('other-middle', large))).toEqual(print);
});

it('does not depend on the order of the files', async () => {
  const [a, b] = [await fileOf('a', Buffer.from('a')), await fileOf('b', Buffer.from('b'))];
  expect(await fingerprintFiles([a, b])).toEqual(await fingerprintFiles([b, a]));
  expect(sameFingerprints(await fingerprintFiles([a, b]), await fingerprintFiles([b, a]))).toBe(true);
  expect(sameFingerprints(await fingerprintFiles([a, b]), await fingerprintFiles([a]))).toBe(false);
});
