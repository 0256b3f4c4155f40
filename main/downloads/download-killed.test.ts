/**
 * `kill -9` at any moment of a download: nothing that was flushed is lost, and nothing false gets the file's name.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleScript } from '../../test/support/bundle-script.ts';
import { bytesOf, HostileServer, sha256Of } from './testing/hostile-server.ts';

const KILLS = 35;
const SCRIPT = fileURLToPath(new URL('testing/download-child.ts', import.meta.url));
const CONTENT = new Uint8Array(randomBytes(1_000_000));
const SHA256 = sha256Of(CONTENT);

let server: HostileServer;
let folder: string;
let script: string;

beforeAll(async () => {
  server = await HostileServer.start();
  folder = mkdtempSync(join(tmpdir(), 'underpaint-killed-'));
  script = await bundleScript(SCRIPT, join(folder, 'download-child.mjs'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Runs a download and kills it at a random moment. Resolves to its exit code, or null when it was killed. */
function runAndKill(url: string, target: string, withinMs: number): Promise<number | null> {
  const child = spawn(process.execPath, [script, url, target, String(CONTENT.length), SHA256], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * withinMs));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Downloads one file in spite of kills; returns how many there were. */
async function downloadKilled(name: string): Promise<number> {
  const target = join(folder, name, 'model.pth');
  const url = server.on(`/${name}`, bytesOf(CONTENT, { pace: { ms: 5, bytes: 20_000 } }));
  let kills = 0;
  for (;;) {
    // A quarter of a second for all of it, so that kills hit every part of a download.
    const code = await runAndKill(url, target, 500);
    if (existsSync(target)) expect(sha256Of(readFileSync(target))).toBe(SHA256);
    if (code === 0) break;
    expect(code).toBe(null);
    kills++;
  }
  expect(readdirSync(join(target, '..'))).toEqual(['model.pth']);
  return kills;
}

// Some ten seconds; on a machine that does much else, several times that.
it(`survives ${KILLS} kills`, { timeout: 180_000 }, async () => {
  let kills = 0;
  const lane = async (name: string) => {
    for (let round = 0; kills < KILLS; round++) kills += await downloadKilled(`${name}-${round}`);
  };
  await Promise.all(['a', 'b', 'c'].map(lane));
  const resumed = server.requests.filter(({ range }) => range !== '');
  expect(resumed.length).toBeGreaterThan(KILLS / 4);
});
