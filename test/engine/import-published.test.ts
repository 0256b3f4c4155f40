/**
 * Importing a checkpoint of the published size: what the 1.2 GB of var_d16.pth cost in time, memory and disk.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureImport } from '../bench/import-bench.ts';
import { writeRandomTokenizer, writeRandomTransformer } from '../bench/random-checkpoints.ts';

const TIMEOUT_MS = 180_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-import-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it(
  'reads and imports a transformer of 1.2 GB in place',
  async () => {
    const [transformer, tokenizer, home] = ['var_d16.pth', 'tokenizer.pth', 'home'].map((name) => join(folder, name));
    writeRandomTransformer(transformer!, 16);
    writeRandomTokenizer(tokenizer!, 32);
    await mkdir(home!);
    const { ms, anonymousBytes, writtenBytes } = await measureImport(home!, transformer!, tokenizer!);
    expect(ms).toBeLessThan(3000);
    expect(anonymousBytes ?? 0).toBeLessThan(300e6);
    expect(writtenBytes).toBeGreaterThan(1000);
    expect(writtenBytes).toBeLessThan(2e6);
  },
  TIMEOUT_MS,
);
