/**
 * `app`: start, instances, quitting.
 */
import { EventEmitter } from 'node:events';
import { BrowserWindowDouble } from './browser-window-double.ts';
import { doubleState } from './double-state.ts';
import { PreventableEvent } from './preventable-event.ts';
import { protocol } from './session-double.ts';

const shared = globalThis as { electronDoubles?: Map<string, AppDouble> };
shared.electronDoubles ??= new Map();
/** Instances by profile. They are in one process, so a second one is another copy of these modules. */
const instances = shared.electronDoubles;

class AppDouble extends EventEmitter {
  readonly isPackaged = false;
  readonly #paths = new Map<string, string>();
  #lock: string | undefined;
  #quitting = false;
  #becomeReady: () => void = () => {};
  #exited: (code: number) => void = () => {};
  readonly #ready = new Promise<void>((resolve) => {
    this.#becomeReady = resolve;
  });
  /** Settles with the exit code when the program has ended. */
  readonly exited = new Promise<number>((resolve) => {
    this.#exited = resolve;
  });

  constructor() {
    super();
    BrowserWindowDouble.registry.onCreated = (window) => this.emit('web-contents-created', {}, window.webContents);
    BrowserWindowDouble.registry.onAllClosed = () => {
      if (!this.#quitting && !this.emit('window-all-closed')) this.quit();
    };
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  /** Called by the test once the double is set up. */
  start(): void {
    protocol.freezeSchemes();
    this.#becomeReady();
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? '';
  }

  enableSandbox(): void {}

  requestSingleInstanceLock(): boolean {
    const profile = this.getPath('userData');
    const first = instances.get(profile);
    if (first) {
      const [argv, folder] = [[...process.argv], process.cwd()];
      setImmediate(() => first.emit('second-instance', {}, argv, folder, undefined));
      return false;
    }
    instances.set(profile, this);
    this.#lock = profile;
    return true;
  }

  addRecentDocument(path: string): void {
    doubleState.recentDocuments.push(path);
  }

  quit(): void {
    this.#quitting = true;
    this.emit('before-quit', new PreventableEvent());
    for (const window of BrowserWindowDouble.getAllWindows()) window.close();
    this.#quitting = BrowserWindowDouble.getAllWindows().length === 0;
    if (!this.#quitting) return;
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    for (const window of BrowserWindowDouble.getAllWindows()) window.destroy();
    if (this.#lock !== undefined) instances.delete(this.#lock);
    this.emit('quit', {}, code);
    this.#exited(code);
  }
}

export const app = new AppDouble();
