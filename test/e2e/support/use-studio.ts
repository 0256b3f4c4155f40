/**
 * A studio of its own for each test, or one for all tests of a suite: server, engine, data folder and a window of it.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser, makeHome, removeHome, StudioServer, StudioWindow } from './studio-window.ts';

interface UseStudioOptions {
  /** One studio for all tests; else each has its own. */
  readonly shared?: boolean;
  /** Whether the window may say errors on its console. */
  readonly mayComplain?: boolean;
  /** Before the first test may begin, in milliseconds. */
  readonly patience?: number;
}

/** What a test works with; `server` and `window` may be replaced, and the last ones are closed. */
export class StudioUnderTest {
  #browser: Browser | undefined;
  #home: string | undefined;
  #server: StudioServer | undefined;
  #window: StudioWindow | undefined;

  get browser(): Browser {
    return known(this.#browser);
  }
  get home(): string {
    return known(this.#home);
  }
  get server(): StudioServer {
    return known(this.#server);
  }
  set server(server: StudioServer) {
    this.#server = server;
  }
  get window(): StudioWindow {
    return known(this.#window);
  }
  set window(window: StudioWindow) {
    this.#window = window;
  }
  get page(): Page {
    return this.window.page;
  }

  /** Runs a command as a person finds it in the palette. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('option', { name, exact: true }).click();
  }

  async launch(): Promise<void> {
    this.#browser = await launchBrowser();
  }

  async open(): Promise<void> {
    this.#home = await makeHome();
    this.#server = await StudioServer.start(this.#home);
    this.#window = await StudioWindow.open(this.browser, this.#server.url);
  }

  async close(): Promise<void> {
    await this.#window?.close();
    await this.#server?.stop();
    if (this.#home !== undefined) await removeHome(this.#home);
  }
}

const PATIENCE_MS = 60_000;

/** To be called in a suite. */
export function useStudio({
  shared = false,
  mayComplain = false,
  patience = PATIENCE_MS,
}: UseStudioOptions = {}): StudioUnderTest {
  const studio = new StudioUnderTest();
  const close = async () => {
    const { complaints } = studio.window;
    await studio.close();
    if (!mayComplain) expect(complaints).toEqual([]);
  };
  beforeAll(() => studio.launch());
  // What is begun last ends first.
  afterAll(() => studio.browser.close());
  (shared ? beforeAll : beforeEach)(() => studio.open(), patience);
  (shared ? afterAll : afterEach)(close);
  return studio;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The studio is not open yet.');
  return value;
}
