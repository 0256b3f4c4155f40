import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Keychain, TokenStore } from './token-store.ts';

let folder: string;
let file: string;

beforeEach(() => {
  vi.stubEnv('HF_TOKEN', '');
  folder = mkdtempSync(join(tmpdir(), 'underpaint-token-'));
  file = join(folder, 'data', 'hub-token');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const none = async (): Promise<Keychain> => {
  throw new Error('There is no keychain.');
};

function memoryKeychain(): () => Promise<Keychain> {
  let kept: string | null = null;
  return async () => ({
    get: async () => kept,
    set: async (token) => {
      kept = token;
    },
    remove: async () => {
      kept = null;
    },
  });
}

it('keeps a token in the keychain, and nowhere else', async () => {
  const store = new TokenStore(file, memoryKeychain());
  expect([await store.read(), await store.place()]).toEqual([undefined, undefined]);
  expect(await store.write('hf_abc')).toBe('keychain');
  expect([await store.read(), await store.place(), existsSync(file)]).toEqual(['hf_abc', 'keychain', false]);
  await store.write(null);
  expect(await store.read()).toBeUndefined();
});

it('keeps it in a file for its owner alone where there is no keychain', async () => {
  const store = new TokenStore(file, none);
  expect(await store.write('hf_abc')).toBe('file');
  expect(await store.write('hf_x')).toBe('file');
  expect([await store.read(), await store.place()]).toEqual(['hf_x', 'file']);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  await store.write(null);
  expect(existsSync(file)).toBe(false);
});

it('takes HF_TOKEN when there is no other, and refuses what is no token', async () => {
  vi.stubEnv('HF_TOKEN', 'hf_env');
  const store = new TokenStore(file, none);
  expect(await store.read()).toBe('hf_env');
  await store.write('hf_own');
  expect(await store.read()).toBe('hf_own');
  await expect(store.write('secret\n')).rejects.toMatchObject({ code: 'bad-request' });
  expect(readFileSync(file, 'utf8')).toBe('hf_own');
});
