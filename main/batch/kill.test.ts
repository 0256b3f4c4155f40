/**
 * A batch that is killed again and again, at any point.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPictureRecord } from '../jobs/picture-file.ts';

const PICTURES = 150;
const KILLS = 12;
/** Each kill costs the start of a process, which takes long on a busy machine. */
const TIMEOUT_MS = 300_000;

let folder: string;

/** Node cannot run TypeScript everywhere, so the process's program is bundled first, to where it finds its packages. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-kill-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'testing/killed-batch.ts'),
      outDir: join(import.meta.dirname, '../../out/test'),
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'killed-batch.mjs' } },
    },
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the batch, kills it once there are so many pictures, or after a time; returns what it printed. */
function runKilled(out: string, afterPictures: number, afterMs = 60_000): Promise<string> {
  const program = join(import.meta.dirname, '../../out/test/killed-batch.mjs');
  const child = spawn(process.execPath, [program, out, String(PICTURES)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const start = performance.now();
  const timer = setInterval(async () => {
    const made = (await readdir(out)).filter((name) => name.endsWith('.png')).length;
    if (made >= afterPictures || performance.now() - start > afterMs) child.kill('SIGKILL');
  }, 1);
  return new Promise((resolve) => {
    child.once('close', () => {
      clearInterval(timer);
      resolve(text);
    });
  });
}

/** Identity and time of every picture: another one would be another file. */
async function identities(out: string): Promise<Map<string, string>> {
  const names = (await readdir(out)).filter((name) => name.endsWith('.png'));
  const facts = names.map(async (name) => {
    const { ino, mtimeMs } = await stat(join(out, name));
    return [name, `${ino} ${mtimeMs}`] as const;
  });
  return new Map(await Promise.all(facts));
}

it(
  'does nothing twice, leaves nothing half-written, and ends with every picture',
  async () => {
    const out = join(folder, 'out');
    await mkdir(out);
    let before = new Map<string, string>();
    for (let kill = 0; kill < KILLS; kill++) {
      if (kill % 3 === 0) await runKilled(out, PICTURES, 40 + 20 * kill);
      else await runKilled(out, before.size + kill);
      const now = await identities(out);
      for (const [name, identity] of before) expect([name, now.get(name)]).toEqual([name, identity]);
      for (const name of now.keys()) {
        const { request } = await readPictureRecord(await readFile(join(out, name)));
        expect(name).toBe(`${request.seed}.png`);
        const beside = JSON.parse(await readFile(join(out, name.replace('.png', '.json')), 'utf8'));
        expect(beside.request).toEqual(request);
      }
      before = now;
    }
    expect(before.size).toBeLessThan(PICTURES);
    const result = JSON.parse(await runKilled(out, Number.POSITIVE_INFINITY));
    expect(result).toEqual({ count: PICTURES, made: PICTURES - before.size, failed: [] });
    const names = await readdir(out);
    expect(names.filter((name) => name.endsWith('.png'))).toHaveLength(PICTURES);
    expect(names.filter((name) => name.endsWith('.partial'))).toEqual([]);
    const after = await identities(out);
    for (const [name, identity] of before) expect([name, after.get(name)]).toEqual([name, identity]);
  },
  TIMEOUT_MS,
);
