/**
 * The studio in Electron itself, where there is one: ELECTRON_OVERRIDE_DIST_PATH names the folder of an unpacked
 * release, or Electron's package has fetched its own.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHome, removeHome, StudioWindow } from './support/studio-window.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINARIES: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ROOT, 'node_modules/electron/dist');
const binary = join(dist, BINARIES[process.platform] ?? 'electron');
const hasScreen = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const canRun = existsSync(binary) && hasScreen;
const why = canRun
  ? ''
  : ` (skipped: ${existsSync(binary) ? 'there is no screen' : `there is no Electron at ${binary}`})`;

/** A busy machine may need long. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

describe.runIf(canRun)(`the studio in Electron${why}`, () => {
  let home: string;
  let app: ElectronApplication;
  let window: StudioWindow;

  beforeEach(async () => {
    home = await makeHome();
    await start();
  });

  afterEach(async () => {
    await app.close();
    await removeHome(home);
  });

  async function start(...files: string[]): Promise<void> {
    app = await _electron.launch({
      executablePath: binary,
      // Chromium's own sandbox needs rights that containers do not give.
      args: [...(process.platform === 'linux' ? ['--no-sandbox'] : []), join(ROOT, 'out/main/desktop.js'), ...files],
      env: { ...(process.env as Record<string, string>), UNDERPAINT_HOME: home },
    });
    window = new StudioWindow(await app.firstWindow());
    await window.ready();
  }

  async function choose(id: string): Promise<void> {
    await app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id);
  }

  it('paints, generates, accepts, undoes, saves and opens', async () => {
    const spot = [0.5, 0.15] as const;
    const empty = await window.pixel(...spot);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    await eventually(() => window.pixel(...spot)).not.toEqual(empty);
    const painted = await window.pixel(...spot);

    await window.paintButton.click();
    await window.acceptButton.waitFor();
    expect(await window.film.count()).toBe(11);
    await window.acceptButton.click();
    await eventually(() => window.layers()).toHaveLength(2);
    await choose('edit.undo');
    await eventually(() => window.layers()).toHaveLength(1);

    const path = join(home, 'lake.underpaint');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    await choose('file.save');
    await window.page.getByText(`Saved to ${path}`).waitFor();
    expect(window.complaints).toEqual([]);

    await app.close();
    await start(path);
    await eventually(() => window.pixel(...spot)).toEqual(painted);
    expect(window.complaints).toEqual([]);
  });

  it('copies, cuts and pastes', async () => {
    const spot = [0.5, 0.15] as const;
    const empty = await window.pixel(...spot);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    const painted = await window.pixel(...spot);
    await window.page.keyboard.press('ControlOrMeta+x');
    await eventually(() => window.pixel(...spot)).toEqual(empty);
    await window.page.keyboard.press('ControlOrMeta+v');
    await eventually(() => window.pixel(...spot)).toEqual(painted);
  });
});
