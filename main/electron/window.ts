/**
 * A window with the studio in it.
 */
import { BrowserWindow, type BrowserWindowConstructorOptions, dialog } from 'electron/main';
import { APP_URL } from './app-protocol.ts';
import { COMMAND_CHANNEL } from './preload/channels.ts';
import { MIN_HEIGHT, MIN_WIDTH, type WindowState } from './window-state.ts';

const TITLE = 'Underpaint';
/** Seen until the page has painted. */
const BACKGROUND = '#1b1b1d';

type Command = readonly [command: string, argument?: string];

export class StudioWindow {
  readonly window: BrowserWindow;
  #loaded = false;
  #unsent: Command[] = [];

  /** @param preload absolute path of the built preload script */
  constructor(preload: string, state: WindowState) {
    this.window = new BrowserWindow(windowOptions(preload, state));
    if (state.maximized) this.window.maximize();
    this.window.once('ready-to-show', () => this.window.show());
    this.window.webContents.on('dom-ready', () => this.#sendWaiting());
    this.window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.#loaded = false;
      if (reason !== 'clean-exit') void this.#offerReload(reason);
    });
  }

  /** A window that is closed in the meantime need not be loaded. */
  async load(): Promise<void> {
    try {
      await this.window.loadURL(APP_URL);
    } catch (error) {
      if (!this.window.isDestroyed()) throw error;
    }
  }

  /** Brings the window to the front. */
  focus(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  /** Sends a command to the page, when it is loaded. */
  send(command: string, argument?: string): void {
    this.#unsent.push(argument === undefined ? [command] : [command, argument]);
    if (this.#loaded) this.#sendWaiting();
  }

  #sendWaiting(): void {
    this.#loaded = true;
    for (const command of this.#unsent.splice(0)) this.window.webContents.send(COMMAND_CHANNEL, ...command);
  }

  async #offerReload(reason: string): Promise<void> {
    const { response } = await dialog.showMessageBox(this.window, {
      type: 'error',
      message: 'This window stopped working.',
      detail: `Reload it to go on with the work as it was last saved. (Reason: ${reason}.)`,
      buttons: ['Reload', 'Close the window'],
      defaultId: 0,
      cancelId: 1,
    });
    if (this.window.isDestroyed()) return;
    if (response === 0) this.window.webContents.reload();
    else this.window.destroy();
  }
}

function windowOptions(preload: string, state: WindowState): BrowserWindowConstructorOptions {
  const { width, height, x, y } = state;
  return {
    width,
    height,
    ...(x === undefined || y === undefined ? {} : { x, y }),
    minWidth: Math.min(MIN_WIDTH, width),
    minHeight: Math.min(MIN_HEIGHT, height),
    title: TITLE,
    titleBarStyle: 'default',
    backgroundColor: BACKGROUND,
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Chromium would fetch its dictionaries from a server.
      spellcheck: false,
    },
  };
}
