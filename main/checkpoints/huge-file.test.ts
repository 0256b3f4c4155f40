import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCheckpoint } from './open-checkpoint.ts';
import { readFloats } from './read-tensor.ts';

const SIZE = 100 * 2 ** 30;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-huge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('reads a checkpoint of 100 GB by offset: only its header and what is asked for', async () => {
  const path = join(folder, 'huge.safetensors');
  const columns = 2 ** 20;
  // The header is padded to 4096 bytes, so that the last row ends with the file.
  const rows = (SIZE - 4096) / 4 / columns;
  const bytes = Math.floor(rows) * columns * 4;
  const header = JSON.stringify({
    huge: { dtype: 'F32', shape: [Math.floor(rows), columns], data_offsets: [0, bytes] },
    last: { dtype: 'F32', shape: [4], data_offsets: [bytes, bytes + 16] },
  });
  const head = Buffer.alloc(4096, ' ');
  head.writeBigUInt64LE(4088n);
  head.write(header, 8);
  writeFileSync(path, head);
  truncateSync(path, 4096 + bytes + 16);
  const before = process.memoryUsage().rss;
  const { entries } = await openCheckpoint(path);
  const last = entries.get('last');
  expect(last?.offset).toBe(4096 + bytes);
  expect(last && [...(await readFloats(last))]).toEqual([0, 0, 0, 0]);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
});
