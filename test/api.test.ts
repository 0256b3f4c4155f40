/**
 * The example of the README, as somebody would use it who has installed Underpaint: types and all.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPictureRecord } from '../main/jobs/picture-file.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');

let folder: string;
let example: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-api-'));
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(ROOT, join(folder, 'node_modules/underpaint'), 'junction');
  await symlink(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'), 'junction');
  await symlink(join(ROOT, 'node_modules/undici-types'), join(folder, 'node_modules/undici-types'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  example = /```ts\n(.*?)```/s.exec(await readFile(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? '';
});
afterAll(() => rm(folder, { recursive: true }));

it('makes what it says', { timeout: 300_000 }, async () => {
  await writeFile(join(folder, 'example.js'), example);
  const env = { ...process.env, UNDERPAINT_HOME: join(folder, 'home') };
  const { stdout } = await run(process.execPath, ['example.js'], { cwd: folder, env });
  expect(stdout).toMatch(/^1 of 4: .*\.webp\n.*4 of 4: .*\n4 made, 0 failed\n$/s);
  expect((await readPictureRecord(await readFile(join(folder, 'lake.png')))).request).toMatchObject({
    labelName: 'alpine lake',
    seed: 7,
    settings: { cfg: 2 },
  });
  const made = (await readdir(join(folder, 'pictures'))).sort();
  expect(made).toEqual(['.underpaint', '1-desert-1.webp', '2-desert-2.webp', '3-harbour-1.webp', '4-harbour-2.webp']);
});

it('has types', { timeout: 300_000 }, async () => {
  await writeFile(join(folder, 'example.ts'), example);
  const wrong = "import { openStudio } from 'underpaint';\nawait openStudio().generate({ label: 'lake', sed: 7 });\n";
  await writeFile(join(folder, 'wrong.ts'), wrong);
  const flags = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
  const check = run(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags, 'example.ts', 'wrong.ts'],
    {
      cwd: folder,
    },
  );
  await expect(check).rejects.toMatchObject({ stdout: expect.stringMatching(/^wrong\.ts\(2.*'sed'[^\n]*\n$/s) });
});
