/**
 * The whole studio in the desktop shell: the built page and preload script, the real host and engine.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Port } from '../../app/contracts/port.ts';
import { menuTables, NEW_WINDOW } from '../../main/electron/menu-table.ts';
import { createUtilityLauncher } from '../../main/electron/utility-launcher.ts';
import { StudioHost } from '../../main/host/studio-host.ts';
import { findPaths } from '../../main/paths.ts';
import { makeHome, removeHome, StudioWindow } from '../e2e/support/studio-window.ts';
import { buildPageScripts, type PageScripts } from './build-scripts.ts';
import { HAS_CHROMIUM, launchChromium, TestDesktop } from './testing/test-desktop.ts';

const { page: renderer, preload } = findPaths();
const RED_PNG = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } })
  .png()
  .toBuffer();

/** A busy machine may need long. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

describe.skipIf(!HAS_CHROMIUM)('the studio in the desktop shell', () => {
  let browser: Browser;
  let scripts: PageScripts;
  let home: string;
  let desktop: TestDesktop;
  let windows: StudioWindow[];
  let sockets: string[];
  let host: StudioHost;

  beforeAll(async () => {
    scripts = await buildPageScripts();
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    windows = [];
    sockets = [];
    home = await makeHome();
    const options = { browser, scripts, preload, renderer, profile: join(home, 'desktop'), openStudio, onPage };
    desktop = await TestDesktop.start(options);
    await shown(0);
  });

  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints);
    await desktop.quit();
    await removeHome(home);
    // Among them whatever the page's Content-Security-Policy refuses.
    expect(complaints).toEqual([]);
    expect(sockets).toEqual([]);
  });

  function onPage(page: Page): void {
    windows.push(new StudioWindow(page));
    page.on('websocket', (socket) => sockets.push(socket.url()));
  }

  /** The windows hear what main sends through their ports, which they get in the order of their pages. */
  async function openStudio() {
    const reportBadMessage = (error: unknown) => expect(error).toBeUndefined();
    host = await StudioHost.open({
      home,
      engine: { provider: 'cpu' },
      launcher: createUtilityLauncher,
      reportBadMessage,
    });
    let ports = 0;
    return {
      host: {
        connect: (port: Port) => {
          const at = ports++;
          const post = (message: unknown) => {
            windows[at]?.hear(message);
            port.post(message);
          };
          return host.connect({ ...port, post });
        },
      },
      close: () => host.close(),
    };
  }

  async function shown(index: number): Promise<StudioWindow> {
    await eventually(() => windows.length).toBeGreaterThan(index);
    const window = windows[index] as StudioWindow;
    await window.ready();
    return window;
  }

  function choose(id: string): void {
    const item = desktop.electron.Menu.getApplicationMenu()?.getMenuItemById(id);
    if (!item) throw new Error(`The menu has no ${id}.`);
    item.click();
  }

  async function openSecond(): Promise<StudioWindow> {
    choose(NEW_WINDOW);
    return shown(1);
  }

  it('paints a stroke, generates, and accepts', async () => {
    const window = await shown(0);
    const before = await window.pixel(0.5, 0.15);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    await eventually(() => window.pixel(0.5, 0.15)).not.toEqual(before);
    await eventually(() => desktop.windows()[0]?.edited).toBe(true);
    await window.generate();
    const steps = window.events.flatMap((event) => (event.type === 'frame' ? [event.frame.step] : []));
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await window.acceptButton.click();
    await eventually(() => window.layers()).toHaveLength(2);
  });

  it('obeys its menu', async () => {
    const window = await shown(0);
    const { page } = window;
    const { state } = desktop;
    const spot = [0.5, 0.15] as const;
    const empty = await window.pixel(...spot);
    const zoom = () => page.getByLabel('Zoom', { exact: true }).textContent();
    const choosesAndSees = async (id: string, name: string) => {
      choose(id);
      await page.getByRole('dialog', { name }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    };
    const choosesAndAsks = async (id: string, kind: string) => {
      const before = state.shown.length;
      choose(id);
      await eventually(() => state.shown.slice(before).map((dialog) => dialog.kind)).toEqual([kind]);
    };
    const choosesAndZooms = async (id: string) => {
      const before = await zoom();
      choose(id);
      await eventually(zoom).not.toBe(before);
    };
    const isPainted = async () => (await window.pixel(...spot)).join() !== empty.join();
    const states = () => {
      const jobs = window.events.findLast((event) => event.type === 'jobs');
      return jobs?.type === 'jobs' ? jobs.jobs.map((job) => job.state) : [];
    };
    const checks: Readonly<Record<string, () => Promise<void>>> = {
      'file.new': () => choosesAndSees('file.new', 'New painting'),
      'file.open': () => choosesAndAsks('file.open', 'open'),
      'file.save': () => choosesAndAsks('file.save', 'save'),
      'file.save-as': () => choosesAndAsks('file.save-as', 'save'),
      'file.import-image': () => choosesAndAsks('file.import-image', 'open'),
      'file.export': () => choosesAndSees('file.export', 'Export picture'),
      'edit.undo': async () => {
        await window.drag([0.4, 0.15], [0.6, 0.15]);
        await eventually(isPainted).toBe(true);
        choose('edit.undo');
        await eventually(isPainted).toBe(false);
      },
      'edit.redo': async () => {
        choose('edit.redo');
        await eventually(isPainted).toBe(true);
      },
      'edit.select-all': async () => {
        choose('edit.select-all');
        await page.getByRole('button', { name: 'Redo' }).and(page.locator(':disabled')).waitFor();
      },
      'edit.delete': async () => {
        choose('edit.delete');
        await eventually(isPainted).toBe(false);
      },
      'view.zoom-in': () => choosesAndZooms('view.zoom-in'),
      'view.zoom-out': () => choosesAndZooms('view.zoom-out'),
      'view.fit': async () => {
        choose('view.zoom-in');
        await choosesAndZooms('view.fit');
      },
      'view.palette': () => choosesAndSees('view.palette', 'Commands'),
      'generate.start': async () => {
        await page.getByRole('spinbutton', { name: 'Pictures' }).fill('16');
        choose('generate.start');
        await eventually(() => states().filter((one) => one === 'waiting').length).toBeGreaterThan(3);
      },
      'generate.cancel': async () => {
        choose('generate.cancel');
        await eventually(() => states().every((one) => one === 'cancelled' || one === 'done')).toBe(true);
      },
      'help.shortcuts': () => choosesAndSees('help.shortcuts', 'Keyboard shortcuts'),
      'help.tour': async () => {
        choose('help.tour');
        await page.getByRole('complementary', { name: 'Welcome' }).waitFor();
      },
      'app.settings': () => choosesAndSees('app.settings', 'Settings'),
    };
    const entries = menuTables(process.platform).flatMap((table) => table.entries);
    for (const entry of entries) {
      if (entry === 'separator' || !('id' in entry) || entry.id === NEW_WINDOW) continue;
      await checks[entry.id]?.();
      expect(checks).toHaveProperty([entry.id]);
    }
  });

  it('leaves the menu’s editing to a field that is typed in', async () => {
    const window = await shown(0);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    const painted = await window.pixel(0.5, 0.15);
    const name = window.page.getByRole('textbox', { name: 'Name of the painting' });
    await name.selectText();
    await window.page.keyboard.type('Lake');
    choose('edit.select-all');
    choose('edit.delete');
    await eventually(() => name.inputValue()).toBe('');
    choose('edit.undo');
    await eventually(() => name.inputValue()).toBe('Lake');
    expect(await window.pixel(0.5, 0.15)).toEqual(painted);
    // A slider is no such field: neither the menu's editing nor the keys of tools are its own.
    await window.page.getByRole('slider', { name: 'Size' }).focus();
    await window.page.keyboard.press('e');
    await window.page.getByRole('button', { name: 'Eraser', pressed: true }).waitFor();
    choose('edit.select-all');
    choose('edit.delete');
    await eventually(() => window.pixel(0.5, 0.15)).not.toEqual(painted);
  });

  it('saves through the system’s dialog, and opens projects and pictures again', async () => {
    const window = await shown(0);
    const { page } = window;
    const path = join(home, 'lake.underpaint');
    const spot = [0.5, 0.15] as const;
    const empty = await window.pixel(...spot);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    const painted = await window.pixel(...spot);
    await page.getByRole('textbox', { name: 'Name of the painting' }).fill('a/lake: at "night"');
    desktop.state.answers.push({ canceled: false, filePath: path });
    choose('file.save');
    await page.getByText(`Saved to ${path}`).waitFor();
    expect(existsSync(path)).toBe(true);
    expect(desktop.state.shown.at(-1)?.options).toMatchObject({ defaultPath: 'a lake  at  night.underpaint' });
    await eventually(() => desktop.windows()[0]?.edited).toBe(false);
    await page.locator('#canvas').focus();
    choose('edit.select-all');
    choose('edit.delete');
    await eventually(() => window.pixel(...spot)).toEqual(empty);

    desktop.electron.app.emit('open-file', { preventDefault() {} }, path);
    await eventually(() => window.pixel(...spot)).toEqual(painted);
    await eventually(() => desktop.windows()[0]?.edited).toBe(false);

    const picture = join(home, 'sky.png');
    await writeFile(picture, RED_PNG);
    desktop.state.answers.push({ canceled: false, filePaths: [picture] });
    choose('file.import-image');
    await eventually(() => window.layers()).toHaveLength(2);
    desktop.state.answers.push({ canceled: false, filePaths: [path] });
    choose('file.open');
    await eventually(() => window.layers()).toHaveLength(1);
  });

  it('copies, cuts and pastes without the right to the clipboard', async () => {
    const window = await shown(0);
    const { page } = window;
    expect(await page.evaluate(() => navigator.clipboard.readText().catch(({ name }) => name))).toBe('NotAllowedError');
    const spot = [0.5, 0.15] as const;
    const empty = await window.pixel(...spot);
    await window.drag([0.4, 0.15], [0.6, 0.15]);
    const painted = await window.pixel(...spot);
    await page.keyboard.press('Control+x');
    await eventually(() => window.pixel(...spot)).toEqual(empty);
    await page.keyboard.press('Control+v');
    await eventually(() => window.pixel(...spot)).toEqual(painted);
    expect(await window.layers()).toHaveLength(2);
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await eventually(() => window.layers()).toHaveLength(3);

    // What another program's clipboard holds comes with the event, once the person was there.
    await page.evaluate(
      (bytes) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([Uint8Array.from(bytes)], 'sky.png', { type: 'image/png' }));
        globalThis.dispatchEvent(new Event('blur'));
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      },
      [...RED_PNG],
    );
    await eventually(async () => (await window.layers()).join()).toContain('sky');
  });

  it('pauses the run of a window that closes, and serves the others', async () => {
    const window = await shown(0);
    const other = await openSecond();
    await window.page.getByRole('spinbutton', { name: 'Pictures' }).fill('16');
    await window.paintButton.click();
    await window.waitFor(() => window.events.some(({ type }) => type === 'frame'));
    desktop.windows()[0]?.close();
    const states = () => {
      const last = other.events.findLast((event) => event.type === 'jobs');
      return last?.type === 'jobs' ? last.jobs.map(({ state }) => state) : [];
    };
    await other.waitFor(() => !states().includes('running') && !states().includes('waiting'));
    expect(states()).toContain('paused');
    await other.generate();
    await other.acceptButton.click();
    await eventually(() => other.layers()).toHaveLength(2);
    expect(desktop.windows()).toHaveLength(1);
  });
});
