import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fitToDisplays, readWindowState, writeWindowState } from './window-state.ts';

const MAIN = { x: 0, y: 25, width: 1920, height: 1055 };
const LEFT = { x: -1280, y: 0, width: 1280, height: 800 };
const state = { x: 100, y: 100, width: 1000, height: 700, maximized: false };

describe('the place of the window', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-window-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is read as it was written', async () => {
    const path = join(folder, 'window.json');
    await writeWindowState(path, { ...state, maximized: true });
    expect(await readWindowState(path)).toEqual({ ...state, maximized: true });
  });

  it('is the first one when the file is missing or makes no sense', async () => {
    const first = await readWindowState(join(folder, 'missing.json'));
    expect(first).toEqual({ x: undefined, y: undefined, width: 1440, height: 900, maximized: false });
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const text of ['', '{', '[]', '{"width":"wide"}', JSON.stringify({ ...state, x: 1e300 })]) {
      await writeFile(join(folder, 'bad.json'), text);
      expect(await readWindowState(join(folder, 'bad.json'))).toEqual(first);
    }
    expect(logged).toHaveBeenCalledTimes(5);
    logged.mockRestore();
  });

  it('stays where it can be grabbed', () => {
    expect(fitToDisplays(state, [MAIN])).toEqual(state);
    expect(fitToDisplays({ ...state, x: -1200 }, [MAIN, LEFT])).toEqual({ ...state, x: -1200 });
    expect(fitToDisplays({ ...state, x: 1850 }, [MAIN])).toEqual({ ...state, x: 1850 });
  });

  it.each([
    ['off to the right', { x: 1900 }],
    ['off to the left', { x: -950 }],
    ['below', { y: 1060 }],
    ['with its title above', { y: -10 }],
    ['on a display that is gone', { x: 3000 }],
  ])('is dropped when it was %s', (_, place) => {
    expect(fitToDisplays({ ...state, ...place }, [MAIN])).toEqual({ ...state, x: undefined, y: undefined });
  });

  it('fits the display that it is on', () => {
    const huge = { ...state, x: -1280, y: 0, width: 4000, height: 3000 };
    expect(fitToDisplays(huge, [MAIN, LEFT])).toEqual({ ...huge, width: 1280, height: 800 });
    const gone = { ...huge, x: undefined, y: undefined };
    expect(fitToDisplays(huge, [{ ...MAIN, x: 3000 }])).toEqual({ ...gone, width: 1920, height: 1055 });
    expect(fitToDisplays({ ...huge, width: 1300 }, [LEFT])).toEqual({ ...huge, width: 1280, height: 800 });
    expect(fitToDisplays({ ...state, width: 100, height: 10 }, [MAIN])).toEqual({ ...state, width: 800, height: 600 });
  });
});
