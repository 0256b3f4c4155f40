/**
 * `webContents`: a page of Chromium, with the preload script in an isolated world of its own.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import type { CDPSession, Page, Route } from 'playwright-core';
import { doubleState } from './double-state.ts';
import { ipcMain } from './ipc-main-double.ts';
import { FROM_MAIN, type FromPage, TO_MAIN, type ToPage, WORLD } from './page-message.ts';
import type { MessagePortMainDouble } from './ports-double.ts';
import { preventable } from './preventable-event.ts';
import { fromChromium, session, toChromium } from './session-double.ts';
import { decode, encode } from './wire.ts';

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

let nextId = 1;
let nextPort = 1;

export class WebContentsDouble extends EventEmitter {
  readonly id = nextId++;
  readonly session = session.defaultSession;
  readonly mainFrame: { readonly url: string; readonly parent: null };
  readonly #preload: string;
  readonly #size: { readonly width: number; readonly height: number };
  /** Ports that the page has, by number. */
  readonly #ports = new Map<number, MessagePort>();
  #page: Promise<Page>;
  #devtools: CDPSession | undefined;
  /** The preload script's world in the document that is shown. */
  #world: number | undefined;
  #url = '';
  /** Where main itself sends the page. */
  #expected: string | undefined;
  #openHandler: WindowOpenHandler | undefined;
  #destroyed = false;

  constructor(preload: string, size: { readonly width: number; readonly height: number }) {
    super();
    this.#preload = readFileSync(preload, 'utf8');
    this.#size = size;
    this.mainFrame = Object.defineProperty({ parent: null }, 'url', { get: () => this.#url }) as never;
    this.#page = this.#open();
  }

  /** For tests: the page. */
  page(): Promise<Page> {
    return this.#page;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getURL(): string {
    return this.#url;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#page;
    this.#expected = url;
    await page.goto(toChromium(url));
  }

  /** A page whose process is gone cannot be used again in Chromium, so it is replaced. */
  reload(): void {
    this.#page = this.#page.then(async (old) => {
      const page = await this.#open();
      await old.close();
      this.#expected = this.#url;
      await page.goto(toChromium(this.#url));
      return page;
    });
  }

  send(channel: string, ...args: unknown[]): void {
    this.#toPage({ kind: 'message', channel, args, ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMainDouble[] = []): void {
    const ports = transfer.map((port) => this.#adopt(port.takeApart()));
    this.#toPage({ kind: 'message', channel, args: [message], ports: ports.map(({ id }) => id) });
    for (const { connect } of ports) connect();
  }

  /** The window is gone. */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    this.#leaveDocument();
    this.emit('destroyed');
    await (await this.#page).close();
  }

  async #open(): Promise<Page> {
    const { context } = doubleState;
    if (!context) throw new Error('A window was opened before the app was ready.');
    await this.session.applyPermissions(context);
    const page = await context.newPage();
    await page.setViewportSize(this.#size);
    await page.route('**/*', (route) => this.#answer(page, route));
    // Of links alone: scripts are stopped before.
    page.on('popup', (popup) => popup.close());
    page.on('crash', () => {
      this.#leaveDocument();
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    });
    await this.#prepareWorlds(page);
    return page;
  }

  async #prepareWorlds(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    const { frameTree } = await devtools.send('Page.getFrameTree');
    devtools.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
      if (name === WORLD && auxData?.frameId === frameTree.frame.id) this.#enterDocument(id);
    });
    devtools.on('Runtime.bindingCalled', ({ executionContextId, payload }) => {
      if (executionContextId === this.#world) this.#receive(decode(payload) as FromPage);
    });
    devtools.on('Page.frameNavigated', ({ frame }) => {
      if (!frame.parentId) this.#url = fromChromium(frame.url);
    });
    devtools.on('Page.domContentEventFired', () => this.emit('dom-ready'));
    devtools.on('Page.loadEventFired', () => this.emit('did-finish-load'));
    devtools.on('Page.windowOpen', ({ url }) => this.#askForWindow(url));
    await devtools.send('Page.enable');
    await devtools.send('Runtime.enable');
    await devtools.send('Runtime.addBinding', { name: TO_MAIN, executionContextName: WORLD });
    const { mainWorld, preloadWorld } = this.#scripts();
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorld });
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadWorld, worldName: WORLD });
    this.#devtools = devtools;
  }

  #scripts(): { mainWorld: string; preloadWorld: string } {
    const { scripts } = doubleState;
    if (!scripts) throw new Error('The scripts of the double are not built.');
    const environment = JSON.stringify({ platform: process.platform });
    const preload = `(function (require, module, exports, process) {${this.#preload}
})(electronDouble.requireInPreload, { exports: {} }, {}, ${environment});`;
    return {
      mainWorld: onlyMainFrame(`(() => {${scripts.mainWorld}\n})()`),
      preloadWorld: onlyMainFrame(`${scripts.isolatedWorld}\n${preload}`),
    };
  }

  #enterDocument(world: number): void {
    this.#leaveDocument();
    this.#world = world;
  }

  #leaveDocument(): void {
    this.#world = undefined;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  async #answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && url !== this.#expected) {
      const event = preventable({ url, isMainFrame: true, isSameDocument: false });
      this.emit('will-navigate', event);
      if (event.defaultPrevented) return route.abort('aborted');
    }
    this.#expected = undefined;
    await this.session.answer(route);
  }

  #askForWindow(url: string): void {
    const answer = this.#openHandler?.({ url: fromChromium(url) }) ?? { action: 'allow' };
    if (answer.action === 'allow') doubleState.allowedWindows.push(url);
  }

  #toPage(message: ToPage): void {
    const expression = `${FROM_MAIN}(${JSON.stringify(encode(message))})`;
    if (this.#world === undefined) return;
    // The document may be gone by then, and with it whoever would have listened.
    this.#devtools?.send('Runtime.evaluate', { expression, contextId: this.#world }).catch(() => {});
  }

  #receive(message: FromPage): void {
    const event = { sender: this, senderFrame: this.mainFrame, type: 'frame' };
    if (message.kind === 'port') this.#ports.get(message.port)?.postMessage(message.data);
    else if (message.kind === 'close') this.#ports.get(message.port)?.close();
    else if (message.kind === 'window-open') this.#askForWindow(message.url);
    else if (message.kind === 'send') ipcMain.emit(message.channel, event, ...message.args);
    else {
      const { id, channel, args } = message;
      ipcMain.invoke(channel, event, args).then(
        (result) => this.#toPage({ kind: 'reply', id, result }),
        (error: unknown) => this.#toPage({ kind: 'reply', id, error: String(error) }),
      );
    }
  }

  #adopt(port: MessagePort): { readonly id: number; connect(): void } {
    const id = nextPort++;
    this.#ports.set(id, port);
    const connect = () => {
      port.on('message', (data: unknown) => this.#toPage({ kind: 'port', port: id, data }));
      port.on('close', () => {
        this.#ports.delete(id);
        this.#toPage({ kind: 'close', port: id });
      });
    };
    return { id, connect };
  }
}

/** Like Electron, which runs preload scripts in the main frame alone. */
function onlyMainFrame(source: string): string {
  return `if (window === window.top) {\n${source}\n}`;
}
