/**
 * Follows a window and writes down where it is.
 */
import { type BrowserWindow, screen } from 'electron/main';
import { fitToDisplays, readWindowState, type WindowState, writeWindowState } from './window-state.ts';

/** Quiet time after a move before it is written, in milliseconds. */
const SETTLE_MS = 500;

export class WindowMemory {
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #unwritten: WindowState | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param path the file; its folder exists */
  constructor(path: string) {
    this.#path = path;
  }

  /** Where a window should open on the displays that are there now. */
  async recall(): Promise<WindowState> {
    const state = await readWindowState(this.#path);
    const main = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
    return fitToDisplays(
      state,
      [main, ...others].map(({ workArea }) => workArea),
    );
  }

  follow(window: BrowserWindow): void {
    const note = () => {
      this.#unwritten = { ...window.getNormalBounds(), maximized: window.isMaximized() };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#write(), SETTLE_MS);
    };
    window.on('resize', note);
    window.on('move', note);
    window.on('maximize', note);
    window.on('unmaximize', note);
    window.on('close', () => {
      note();
      this.#write();
    });
  }

  /** Settles when everything is on disk. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  /** A window opens well enough without its last place, so a failure is for the log alone. */
  #write(): void {
    clearTimeout(this.#timer);
    const state = this.#unwritten;
    if (!state) return;
    this.#unwritten = undefined;
    this.#writing = this.#writing
      .then(() => writeWindowState(this.#path, state))
      .catch((error: unknown) => console.error('The place of the window was not kept:', error));
  }
}
