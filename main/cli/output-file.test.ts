import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareFolder, probeOutput } from './output-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-output-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('lets new files and files that are there pass, and leaves nothing behind', async () => {
  await writeFile(join(folder, 'old.png'), 'old');
  await probeOutput(join(folder, 'old.png'));
  await probeOutput(join(folder, 'new.png'));
  expect(await readdir(folder)).toEqual(['old.png']);
});

it('refuses folders, missing folders and what is no folder', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(probeOutput(folder)).rejects.toMatchObject({ code: 'unwritable', message: `${folder} is a folder.` });
  await expect(probeOutput(join(folder, 'no', 'a.png'))).rejects.toMatchObject({
    code: 'unwritable',
    message: `There is no folder ${join(folder, 'no')}.`,
    hint: 'Create it first, or choose another place.',
  });
  await expect(probeOutput(join(folder, 'file', 'a.png'))).rejects.toMatchObject({ code: 'unwritable' });
  await expect(prepareFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'unwritable' });
});

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('refuses what is write-protected', async () => {
  await writeFile(join(folder, 'file.png'), '', { mode: 0o400 });
  await expect(probeOutput(join(folder, 'file.png'))).rejects.toMatchObject({ code: 'unwritable' });
  await chmod(folder, 0o500);
  await expect(probeOutput(join(folder, 'new.png'))).rejects.toMatchObject({ code: 'unwritable' });
  await chmod(folder, 0o700);
});

it('creates folders for outputs', async () => {
  await prepareFolder(join(folder, 'a', 'b'));
  await mkdir(join(folder, 'a', 'b', 'c'));
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c']);
});
