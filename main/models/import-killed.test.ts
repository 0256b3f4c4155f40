/**
 * `kill -9` at any moment of an import: a model is there wholly or not at all, the person's files stay as they are, and the
 * next import does it.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseModelCard } from '../../app/catalog/model-card.ts';
import { runUnderpaint, startUnderpaint } from '../cli/testing/run-underpaint.ts';

const KILLS = 15;
const GOLDEN = fileURLToPath(new URL('../../test/golden/', import.meta.url));

let folder: string;
let files: string[];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'underpaint-import-')));
  files = [join(folder, 'mine.pth'), join(folder, 'vae.pth')];
  copyFileSync(join(GOLDEN, 'var256/checkpoint.pth'), files[0] as string);
  copyFileSync(join(GOLDEN, 'shared/vae_ch32v320z32.pth'), files[1] as string);
});
afterAll(() => rmSync(folder, { recursive: true }));

const hashes = () => files.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
const models = () => join(folder, 'home', 'models');

/** Cards of all models; throws when one is not whole. */
function cards(): string[] {
  if (!existsSync(models())) return [];
  return readdirSync(models()).flatMap((id) => {
    const path = join(models(), id, 'card.json');
    if (!existsSync(path)) return [];
    const card = parseModelCard(JSON.parse(readFileSync(path, 'utf8')), id);
    expect(card.preview).toBeDefined();
    return [card.id];
  });
}

/** Runs an import; with a time it is killed then. Resolves to how long it took, or null when it was killed. */
async function importModel(id: string, killAfterMs?: number): Promise<number | null> {
  const begin = performance.now();
  const { child, ended } = startUnderpaint(folder, 'models', 'import', ...files, '--id', id);
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const { code, stderr } = await ended;
  clearTimeout(timer);
  if (code === null) return null;
  expect(code, stderr).toBe(0);
  return performance.now() - begin;
}

// Some ten seconds; on a machine that does much else, several times that.
it(`survives ${KILLS} kills`, { timeout: 300_000 }, async () => {
  const before = hashes();
  const whole = (await importModel('first')) as number;
  let kills = 0;
  let round = 0;
  const lane = async () => {
    while (kills < KILLS) {
      const id = `model-${round++}`;
      const killed = (await importModel(id, Math.random() * whole)) === null;
      if (killed) kills++;
      cards();
    }
  };
  await Promise.all([lane(), lane()]);
  expect(hashes()).toEqual(before);
  await importModel('model-0');
  expect(cards()).toEqual(expect.arrayContaining(['first', 'model-0']));
  await runUnderpaint(folder, 'models', 'orphans', '--remove');
  expect(readdirSync(models()).toSorted()).toEqual(cards().toSorted());
});
