import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomBytes } from '../../app/imaging/testing/random-bytes.ts';
import type { AreaTask } from '../tasks/picture-task.ts';
import { AreaFiles } from './area-files.ts';

const [WIDTH, HEIGHT] = [20, 30];
const TASK: AreaTask = {
  area: {
    image: { width: WIDTH, height: HEIGHT, data: randomBytes(WIDTH * HEIGHT * 3, 1) },
    cover: { width: WIDTH, height: HEIGHT, data: randomBytes(WIDTH * HEIGHT, 2).map((v) => (v < 128 ? 0 : v)) },
  },
  plan: { frame: { width: 16, height: 16 }, way: 'seamless', keepSteps: 0, detail: null },
};
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'underpaint-areas-')), 'areas');
});

afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

it('gives an area back to the bit, also what is not covered', async () => {
  const files = new AreaFiles(folder);
  expect(await files.read(await files.keep(TASK))).toEqual(TASK);
});

it('removes what is not needed any more', async () => {
  const files = new AreaFiles(folder);
  const [first, second, third] = [await files.keep(TASK), await files.keep(TASK), await files.keep(TASK)];
  await files.remove(first);
  await files.sweep([third]);
  expect(await readdir(folder)).toEqual([`${third.file}.png`]);
  await expect(files.read(second)).rejects.toMatchObject({ code: 'missing-file' });
  await new AreaFiles(join(folder, 'none')).sweep([]);
});
