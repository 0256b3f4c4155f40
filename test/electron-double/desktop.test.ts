import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildPageScripts, buildPreload, type PageScripts } from './build-scripts.ts';
import { HAS_CHROMIUM, launchChromium, TestDesktop, type TestDesktopOptions } from './testing/test-desktop.ts';

/** A busy machine may need long. */
const waitFor = <T>(check: () => T | Promise<T>) => vi.waitFor(check, 10_000);

describe.skipIf(!HAS_CHROMIUM)('the desktop shell on the double', () => {
  let browser: Browser;
  let scripts: PageScripts;
  let folder: string;
  let preload: string;
  let profile: string;
  const running: TestDesktop[] = [];
  let runs = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-desktop-'));
    preload = join(folder, 'preload.cjs');
    await writeFile(preload, await buildPreload());
    scripts = await buildPageScripts();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    profile = join(folder, `profile-${runs++}`);
  });

  afterEach(async () => {
    for (const desktop of running.splice(0)) await desktop.quit();
  });

  async function start(options: Partial<TestDesktopOptions> = {}): Promise<TestDesktop> {
    const desktop = await TestDesktop.start({ browser, scripts, preload, profile, ...options });
    running.push(desktop);
    return desktop;
  }

  describe('a page and its port', () => {
    it('carries typed arrays both ways', async () => {
      const desktop = await start();
      const page = await desktop.page();
      await waitFor(async () => expect((await desktop.seen()).ports).toBe(1));
      const answer = await page.evaluate(async () => {
        const { port } = (document.body as unknown as { seen: { port: MessagePort } }).seen;
        const data = await new Promise<Float32Array>((resolve) => {
          port.onmessage = (event) => resolve(event.data);
          port.postMessage(Float32Array.of(1.5, -2, 1e10));
        });
        return { isArray: data instanceof Float32Array, values: [...data] };
      });
      expect(answer).toEqual({ isArray: true, values: [2.5, -1, 10000000001].map(Math.fround) });
      expect(desktop.studio.received).toEqual([Float32Array.of(1.5, -2, 1e10)]);
    });

    it('gives each load a port of its own and closes the last one', async () => {
      const desktop = await start();
      const page = await desktop.page();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(1));
      await page.reload();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(2));
      await waitFor(() => expect(desktop.studio.closedPorts).toBe(1));
      expect(desktop.studio.disposed).toBe(1);
      expect((await desktop.seen()).ports).toBe(1);
    });

    it('closes the port with the window', async () => {
      const desktop = await start();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(1));
      desktop.windows()[0]?.close();
      await waitFor(() => expect(desktop.studio.closedPorts).toBe(1));
      expect(desktop.studio.disposed).toBe(1);
      expect(await desktop.electron.app.exited).toBe(0);
      expect(desktop.studio.closed).toBe(true);
    });

    it('serves two windows of one studio', async () => {
      const desktop = await start();
      desktop.electron.Menu.getApplicationMenu()?.getMenuItemById('window.new')?.click();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(2));
      expect(desktop.windows()).toHaveLength(2);
    });

    it('says why a studio cannot be opened, and ends', async () => {
      const openStudio = () => Promise.reject(new Error('The library is damaged.'));
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
      const desktop = await start({ openStudio });
      expect(await desktop.electron.app.exited).toBe(1);
      logged.mockRestore();
      expect(desktop.state.shown).toMatchObject([{ kind: 'error', options: { title: 'Underpaint cannot start' } }]);
      expect(JSON.stringify(desktop.state.shown)).toContain('The library is damaged.');
    });
  });

  describe('what a page gets', () => {
    it('is underpaintShell and nothing else of Electron or Node', async () => {
      const desktop = await start();
      const page = await desktop.page();
      const names = () => Object.getOwnPropertyNames(window);
      const plain = await (await browser.newContext()).newPage();
      await plain.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>x</title>' }));
      await plain.goto('https://plain.test/');
      const usual = new Set(await plain.evaluate(names));
      await plain.context().close();
      expect((await page.evaluate(names)).filter((name) => !usual.has(name))).toEqual(['underpaintShell']);
      expect(
        await page.evaluate(() => [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')]),
      ).toEqual(['undefined', 'undefined']);
      expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'underpaintShell')).sort())).toEqual([
        'onMenuCommand',
        'pathForFile',
        'platform',
        'setDocumentEdited',
        'showOpenDialog',
        'showSaveDialog',
      ]);
    });

    it('is a sandbox', async () => {
      const desktop = await start();
      expect(desktop.windows()[0]?.options.webPreferences).toMatchObject({
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
      });
    });

    it('knows the platform and the paths of files', async () => {
      const page = await (await start()).page();
      const got = await page.evaluate(() => {
        const shell = Reflect.get(window, 'underpaintShell');
        return [shell.platform, shell.pathForFile(new File(['x'], 'cat.png'))];
      });
      expect(got).toEqual([process.platform, '/dropped/cat.png']);
    });

    it('chooses files through dialogs with filters', async () => {
      const desktop = await start();
      const page = await desktop.page();
      desktop.state.answers.push({ canceled: false, filePaths: ['/work/a.underpaint'] });
      desktop.state.answers.push({ canceled: false, filePath: '/work/b.underpaint' });
      const got = await page.evaluate(async () => {
        const shell = Reflect.get(window, 'underpaintShell');
        const opened = await shell.showOpenDialog('file');
        return [
          opened,
          await shell.showSaveDialog('project', 'b.underpaint'),
          await shell.showSaveDialog('image', 'x.png'),
        ];
      });
      expect(got).toEqual([['/work/a.underpaint'], '/work/b.underpaint', null]);
      expect(desktop.state.shown.map(({ options }) => options)).toMatchObject([
        { filters: [{ extensions: ['underpaint', 'png', 'jpg', 'jpeg', 'webp', 'avif'] }], properties: ['openFile'] },
        { filters: [{ extensions: ['underpaint'] }], defaultPath: 'b.underpaint' },
        { filters: [{ extensions: ['png'] }, {}, {}, {}], defaultPath: 'x.png' },
      ]);
      expect(desktop.state.recentDocuments).toEqual(['/work/a.underpaint', '/work/b.underpaint']);
    });

    it('saves projects under their own extension, and asks before it replaces one', async () => {
      const desktop = await start();
      const page = await desktop.page();
      const save = () => page.evaluate(() => Reflect.get(window, 'underpaintShell').showSaveDialog('project', 'x'));
      const filePath = join(profile, 'cat');
      desktop.state.answers.push({ canceled: false, filePath });
      expect(await save()).toBe(`${filePath}.underpaint`);
      await writeFile(`${filePath}.underpaint`, '');
      desktop.state.answers.push({ canceled: false, filePath }, { response: 1 });
      expect(await save()).toBe(null);
      desktop.state.answers.push({ canceled: false, filePath }, { response: 0 });
      expect(await save()).toBe(`${filePath}.underpaint`);
      expect(desktop.state.shown.map(({ kind }) => kind)).toEqual(['save', 'save', 'message', 'save', 'message']);
    });

    it.each([
      ['showOpenDialog', ['anything'], 'args[0] must be one of file, images, model, folder.'],
      ['showSaveDialog', ['image', '../../.bashrc'], 'args[1] must be a plain file name'],
      ['showSaveDialog', ['image', { toString: 'x' }], 'args[1] must be a text.'],
      ['showSaveDialog', ['image', 'x'.repeat(81)], 'args[1] must be a plain file name'],
    ])('is refused what makes no sense: %s(%j)', async (method, args, message) => {
      const desktop = await start();
      const page = await desktop.page();
      const call = page.evaluate(([name, given]) => Reflect.get(window, 'underpaintShell')[name](...given), [
        method,
        args,
      ] as const);
      await expect(call).rejects.toThrow(message);
      expect(desktop.state.shown).toEqual([]);
    });

    it('is refused everything when it is not the studio', async () => {
      const desktop = await start();
      const { ipcMain } = desktop.electron;
      const sender = desktop.windows()[0]?.webContents;
      for (const senderFrame of [
        null,
        { url: 'https://example.org/', parent: null },
        { url: 'underpaint://app.example.org/', parent: null },
        { url: 'underpaint://app/', parent: {} },
      ]) {
        const call = ipcMain.invoke('studio-open-dialog', { sender, senderFrame }, ['images']);
        await expect(call).rejects.toThrow('Only the studio itself');
      }
      expect(desktop.state.shown).toEqual([]);
    });

    it('may mark its window as edited', async () => {
      const desktop = await start();
      await (await desktop.page()).evaluate(() => Reflect.get(window, 'underpaintShell').setDocumentEdited(true));
      await waitFor(() => expect(desktop.windows()[0]?.edited).toBe(true));
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
      await (await desktop.page()).evaluate(() => Reflect.get(window, 'underpaintShell').setDocumentEdited('no'));
      await waitFor(() => expect(String(logged.mock.calls)).toContain('args[0] must be true or false'));
      logged.mockRestore();
      expect(desktop.windows()[0]?.edited).toBe(true);
    });
  });

  describe('commands', () => {
    it('go from the menu to the page', async () => {
      const desktop = await start();
      const menu = desktop.electron.Menu.getApplicationMenu();
      menu?.getMenuItemById('edit.undo')?.click();
      menu?.getMenuItemById('file.save')?.click();
      await waitFor(async () => expect((await desktop.seen()).commands).toEqual([['edit.undo'], ['file.save']]));
    });

    it('go to the window that has the focus', async () => {
      const desktop = await start();
      const menu = desktop.electron.Menu.getApplicationMenu();
      menu?.getMenuItemById('window.new')?.click();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(2));
      desktop.windows()[0]?.focus();
      menu?.getMenuItemById('edit.redo')?.click();
      await waitFor(async () => expect((await desktop.seen(await desktop.page(0))).commands).toEqual([['edit.redo']]));
      expect((await desktop.seen(await desktop.page(1))).commands).toEqual([]);
    });

    it('open the project of the command line', async () => {
      const desktop = await start({ argv: ['--flag', '/art/Cat.underpaint', 'notes.txt'] });
      await waitFor(async () =>
        expect((await desktop.seen()).commands).toEqual([['file.open', '/art/Cat.underpaint']]),
      );
      expect(desktop.state.recentDocuments).toEqual(['/art/Cat.underpaint']);
    });

    it('open the project of a second instance, which ends', async () => {
      const first = await start();
      first.windows()[0]?.minimize();
      const second = await start({ argv: ['/art/dog.underpaint'] });
      expect(await second.electron.app.exited).toBe(0);
      expect(second.windows()).toEqual([]);
      await waitFor(async () => expect((await first.seen()).commands).toEqual([['file.open', '/art/dog.underpaint']]));
      expect(first.windows()[0]?.isMinimized()).toBe(false);
      expect(first.electron.BrowserWindow.getFocusedWindow()).toBe(first.windows()[0]);
    });

    it('open what the system hands over', async () => {
      const desktop = await start();
      const event = { preventDefault: vi.fn() };
      desktop.electron.app.emit('open-file', event, '/art/bird.underpaint');
      desktop.electron.app.emit('open-file', event, '/etc/passwd');
      expect(event.preventDefault).toHaveBeenCalledTimes(2);
      await waitFor(async () =>
        expect((await desktop.seen()).commands).toEqual([['file.open', '/art/bird.underpaint']]),
      );
    });
  });

  describe('the window', () => {
    it('is shown when it is ready', async () => {
      const desktop = await start();
      await waitFor(() => expect(desktop.windows()[0]?.visible).toBe(true));
    });

    it('opens where it was', async () => {
      const first = await start();
      first.windows()[0]?.setBounds({ x: 120, y: 80, width: 1000, height: 700 });
      first.windows()[0]?.maximize();
      await first.quit();
      running.length = 0;
      expect(JSON.parse(await readFile(join(profile, 'window.json'), 'utf8'))).toEqual({
        x: 120,
        y: 80,
        width: 1000,
        height: 700,
        maximized: true,
      });
      const second = await start();
      expect(second.windows()[0]?.getNormalBounds()).toEqual({ x: 120, y: 80, width: 1000, height: 700 });
      expect(second.windows()[0]?.isMaximized()).toBe(true);
    });

    it('comes back to a display that is there', async () => {
      await mkdir(profile, { recursive: true });
      const state = { x: 5000, y: 80, width: 3000, height: 700, maximized: false };
      await writeFile(join(profile, 'window.json'), JSON.stringify(state));
      const desktop = await start({ displays: [{ id: 1, workArea: { x: 0, y: 0, width: 1280, height: 800 } }] });
      expect(desktop.windows()[0]?.getNormalBounds()).toEqual({ x: 0, y: 50, width: 1280, height: 700 });
    });

    it('is reloaded after its page crashed, and gets a new port', async () => {
      const desktop = await start();
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(1));
      const page = await desktop.page();
      const devtools = await page.context().newCDPSession(page);
      devtools.send('Page.crash').catch(() => {});
      await waitFor(() => expect(desktop.studio.ports).toHaveLength(2));
      expect(desktop.state.shown).toMatchObject([
        { kind: 'message', options: { message: 'This window stopped working.' } },
      ]);
      expect(desktop.studio.closedPorts).toBe(1);
      expect((await desktop.seen()).ports).toBe(1);
    });

    it('leaves no partial files in the profile', async () => {
      const desktop = await start();
      desktop.windows()[0]?.setBounds({ x: 1 });
      await desktop.quit();
      running.length = 0;
      expect(existsSync(join(profile, 'window.json'))).toBe(true);
    });
  });
});
