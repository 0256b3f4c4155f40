/**
 * `BrowserWindow`: its place is only remembered; what is in it is a real page.
 */
import { EventEmitter } from 'node:events';
import { doubleState } from './double-state.ts';
import { PreventableEvent } from './preventable-event.ts';
import { WebContentsDouble } from './web-contents-double.ts';

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Options extends Partial<Bounds> {
  readonly width: number;
  readonly height: number;
  readonly webPreferences: { readonly preload: string } & Readonly<Record<string, unknown>>;
}

let nextId = 1;

export class BrowserWindowDouble extends EventEmitter {
  static readonly registry = {
    windows: new Set<BrowserWindowDouble>(),
    focused: undefined as BrowserWindowDouble | undefined,
    onCreated: (_window: BrowserWindowDouble): void => {},
    onAllClosed: (): void => {},
  };

  static getAllWindows(): BrowserWindowDouble[] {
    return [...BrowserWindowDouble.registry.windows];
  }

  static getFocusedWindow(): BrowserWindowDouble | null {
    return BrowserWindowDouble.registry.focused ?? null;
  }

  static fromWebContents(contents: unknown): BrowserWindowDouble | null {
    return BrowserWindowDouble.getAllWindows().find(({ webContents }) => webContents === contents) ?? null;
  }

  readonly id = nextId++;
  readonly options: Options;
  readonly webContents: WebContentsDouble;
  edited = false;
  visible: boolean;
  #bounds: Bounds;
  #maximized = false;
  #minimized = false;
  #destroyed = false;

  constructor(options: Options & { readonly show?: boolean }) {
    super();
    const { width, height } = options;
    const area = doubleState.displays[0]?.workArea ?? { x: 0, y: 0, width, height };
    const centre = { x: area.x + ((area.width - width) >> 1), y: area.y + ((area.height - height) >> 1) };
    this.options = options;
    this.visible = options.show !== false;
    this.#bounds = { x: options.x ?? centre.x, y: options.y ?? centre.y, width, height };
    this.webContents = new WebContentsDouble(options.webPreferences.preload, { width, height });
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    BrowserWindowDouble.registry.windows.add(this);
    BrowserWindowDouble.registry.onCreated(this);
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  getNormalBounds(): Bounds {
    return this.#bounds;
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize');
    this.emit('move');
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  minimize(): void {
    this.#minimized = true;
    if (BrowserWindowDouble.registry.focused === this) BrowserWindowDouble.registry.focused = undefined;
  }

  restore(): void {
    this.#minimized = false;
  }

  show(): void {
    this.visible = true;
  }

  focus(): void {
    BrowserWindowDouble.registry.focused = this;
  }

  setDocumentEdited(edited: boolean): void {
    this.edited = edited;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    const { registry } = BrowserWindowDouble;
    registry.windows.delete(this);
    if (registry.focused === this) registry.focused = undefined;
    this.emit('closed');
    this.webContents.destroy().catch((error: unknown) => console.error(error));
    if (registry.windows.size === 0) setImmediate(() => registry.onAllClosed());
  }
}
