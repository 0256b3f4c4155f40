import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
let clone: string;

/** A fresh clone with small programs and a small page in place of the real ones. */
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'underpaint-build-'));
  for (const folder of ['app', 'native-models', 'main/engine', 'main/electron/preload', 'main/api', 'renderer'])
    await mkdir(join(clone, folder), { recursive: true });
  const kept = ['package.json', 'electron.config.ts', 'tsconfig.base.json', 'main/api/tsconfig.json'];
  for (const file of [...kept, 'main/cli/build.mjs', 'main/cli/bin.mjs']) await cp(join(ROOT, file), join(clone, file));
  await writeFile(join(clone, 'app/shared.ts'), "export const word: string = 'first';");
  await writeFile(join(clone, 'main/engine/engine-process.ts'), "import '../../app/shared.ts';");
  await writeFile(join(clone, 'main/cli/cli.ts'), "import { word } from '../../app/shared.ts'; console.log(word);");
  for (const entry of [
    'main/api/underpaint.ts',
    'main/engine/host-worker.ts',
    'main/electron/desktop.ts',
    'main/electron/preload/preload.ts',
    'renderer/main.ts',
  ]) {
    await writeFile(join(clone, entry), 'export {};');
  }
  await writeFile(join(clone, 'renderer/index.html'), '<script type="module" src="./main.ts"></script>');
  await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'junction');
});
afterAll(() => rm(clone, { recursive: true }));

const underpaint = () => run(process.execPath, [join(clone, 'main/cli/bin.mjs')]);

it('builds once for programs that start together, and again when a source has changed', async () => {
  const together = await Promise.all([underpaint(), underpaint(), underpaint()]);
  expect(together.map(({ stdout }) => stdout)).toEqual(['first\n', 'first\n', 'first\n']);
  expect(together.filter(({ stderr }) => stderr.includes('Building')).length).toBe(1);
  expect(await underpaint()).toEqual({ stdout: 'first\n', stderr: '' });

  await writeFile(join(clone, 'app/shared.ts'), "export const word: string = 'second';");
  expect((await underpaint()).stdout).toBe('second\n');
  expect(await readdir(join(clone, 'out'))).toEqual(['main', 'preload', 'renderer', 'types']);
});

it('takes over from a process that was killed while it built', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  await writeFile(join(clone, 'out/.lock'), String(pid));
  await mkdir(join(clone, `out/.build-${pid}/main`), { recursive: true });
  await writeFile(join(clone, 'app/shared.ts'), "export const word: string = 'third';");
  expect((await underpaint()).stdout).toBe('third\n');
  expect(await readdir(join(clone, 'out'))).toEqual(['main', 'preload', 'renderer', 'types']);
});

it('shows what is wrong with a source, and keeps the last build', async () => {
  await writeFile(join(clone, 'app/shared.ts'), 'export const = 1;');
  await expect(underpaint()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('The build failed') });
  expect(await readdir(join(clone, 'out', 'main'))).toContain('cli.js');
});

it('runs what is built where there are no sources', async () => {
  await rm(join(clone, 'electron.config.ts'));
  expect((await underpaint()).stdout).toBe('third\n');
});
