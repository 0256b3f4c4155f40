/**
 * The studio as a person meets it: the real server with the real engine, and its page in Debian's Chromium.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { decodeMessage } from '../../../app/contracts/message-codec.ts';
import type { QueueEvent } from '../../../app/jobs/job.ts';

const CHROMIUM = '/usr/bin/chromium';
const COMMAND = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));

export const HAS_CHROMIUM = existsSync(CHROMIUM);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** A data folder of its own; the tour has been seen. */
export function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'underpaint-e2e-'));
}

export class StudioServer {
  readonly url: string;
  readonly home: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string, home: string) {
    this.#process = process;
    this.url = url;
    this.home = home;
  }

  static async start(home: string): Promise<StudioServer> {
    const child = spawn(process.execPath, [COMMAND, 'serve', '--provider', 'cpu'], {
      env: { ...process.env, UNDERPAINT_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (text) => {
        output += text;
        const found = /http:\S+/.exec(output);
        if (found) resolve(found[0]);
      });
      child.once('exit', () => reject(new Error(`The server ended: ${output}`)));
    });
    return new StudioServer(child, url, home);
  }

  /** Ends the server and its engine at once, as a power cut would. */
  async killAll(): Promise<void> {
    const engines = execFileSync('pgrep', ['-P', String(this.#process.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    for (const pid of [this.#process.pid, ...engines.filter(Boolean).map(Number)])
      process.kill(pid as number, 'SIGKILL');
    await this.#ended();
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGTERM');
    await this.#ended();
  }

  #ended(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => this.#process.once('exit', () => resolve()));
  }
}

/** Reads of a colour that must agree. */
const STEADY_FRAMES = 3;
/** A busy machine may need long. */
const PATIENCE_MS = 45_000;

/** A window, with what the host told it. */
export class StudioWindow {
  readonly page: Page;
  /** What came of the queue, in order. */
  readonly events: QueueEvent[] = [];
  /** Saves that the page asked for and those that are done. */
  readonly #saves = { asked: 0, done: 0, ids: new Set<number>() };
  /** What the page complained about. */
  readonly complaints: string[] = [];

  /** @param page to be given before anything is loaded in it */
  constructor(page: Page) {
    this.page = page;
    this.#listen();
  }

  static async open(browser: Browser, url: string, size = { width: 1280, height: 800 }): Promise<StudioWindow> {
    const context = await browser.newContext({ viewport: size, acceptDownloads: true });
    context.setDefaultTimeout(PATIENCE_MS);
    const window = new StudioWindow(await context.newPage());
    await window.page.goto(url);
    await window.ready();
    return window;
  }

  /** Settles when the studio can be used; a tour is skipped. */
  async ready(): Promise<void> {
    await this.page.locator('button[type=submit]:enabled').waitFor();
    const tour = this.page.getByRole('complementary', { name: 'Welcome' });
    await this.page.locator(':root[data-settings=loaded]').waitFor();
    if (await tour.isVisible()) await tour.getByRole('button', { name: 'Skip', exact: true }).click();
  }

  get paintButton() {
    return this.page.getByRole('button', { name: 'Paint', exact: true });
  }

  get acceptButton() {
    return this.page.getByRole('button', { name: 'Accept as a layer' });
  }

  /** The scales of the picture over the frame, and the picture itself. */
  get film() {
    return this.page.getByRole('listbox', { name: 'Scales of the picture' }).getByRole('option');
  }

  /** The finished pictures so far. */
  get finished() {
    return this.events.flatMap((event) => (event.type === 'finished' ? [event.picture] : []));
  }

  /** Asks for a picture and waits until it lies over the frame. */
  async generate(): Promise<void> {
    const before = this.finished.length;
    await this.paintButton.click();
    await this.waitFor(() => this.finished.length > before);
    await this.acceptButton.waitFor();
  }

  async waitFor(condition: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`Waited too long; the last event: ${this.events.at(-1)?.type}`);
      await this.page.waitForTimeout(20);
    }
  }

  /** Draws with the tool in hand through points of the canvas, in shares of its width and height. */
  async drag(...points: readonly (readonly [number, number])[]): Promise<void> {
    const box = await this.page.locator('#canvas').boundingBox();
    if (!box) throw new Error('There is no canvas.');
    const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
    const [first, ...others] = points.map(at);
    await this.page.mouse.move(...(first as readonly [number, number]));
    await this.page.mouse.down();
    for (const point of others) await this.page.mouse.move(...point, { steps: 8 });
    await this.page.mouse.up();
  }

  /**
   * Colour on the screen at a point of the canvas: red, green, blue, once it has stayed the same for some frames. Large changes
   * are painted over several.
   */
  async pixel(x: number, y: number): Promise<number[]> {
    return this.page.evaluate(
      async ([left, top, frames]) => {
        const canvas = document.querySelector('#canvas > canvas') as HTMLCanvasElement;
        const read = () => {
          const at = [Math.floor(left * canvas.width), Math.floor(top * canvas.height)] as const;
          return [...(canvas.getContext('2d')?.getImageData(...at, 1, 1).data ?? [])].slice(0, 3);
        };
        let color = read();
        for (let same = 0; same < frames; ) {
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          const next = read();
          same = next.join() === color.join() ? same + 1 : 0;
          color = next;
        }
        return color;
      },
      [x, y, STEADY_FRAMES] as const,
    );
  }

  /** Settles when the host has kept the painting as it is now. Returns the milliseconds that it took. */
  async kept(): Promise<number> {
    const start = performance.now();
    const asked = this.#saves.asked;
    // The next save that is asked for has all that is there now; one that was under way may not.
    await this.waitFor(() => this.#saves.asked > asked && this.#saves.done === this.#saves.asked);
    return performance.now() - start;
  }

  layers(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Layers' }).getByRole('listitem').allInnerTexts();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Notes what the host sent. */
  hear(message: unknown): void {
    const { kind, id, event } = message as { kind: string; id: number; event?: QueueEvent };
    if (kind === 'event' && event?.type) this.events.push(event);
    if (kind === 'reply' && this.#saves.ids.has(id)) this.#saves.done++;
  }

  #noteSave(message: unknown): void {
    const { kind, id, method } = message as { kind: string; id: number; method?: string };
    if (kind !== 'request' || method !== 'autosave') return;
    this.#saves.asked++;
    this.#saves.ids.add(id);
  }

  #listen(): void {
    this.page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    this.page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload !== 'string') this.#noteSave(decodeMessage(payload));
      });
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') this.hear(decodeMessage(payload));
      });
    });
  }
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}
