/**
 * Runs the real desktop shell on the double, as often as a test likes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { vi } from 'vitest';
import type { OpenStudio } from '../../../main/electron/electron-main.ts';
import type { PageScripts } from '../build-scripts.ts';
import type { Display, doubleState } from '../double-state.ts';
import { EchoStudio } from './echo-studio.ts';

const CHROMIUM = '/usr/bin/chromium';
export const HAS_CHROMIUM = existsSync(CHROMIUM);
export const TEST_PAGE = join(import.meta.dirname, 'page');

type Double = typeof import('../electron-module.ts');

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface TestDesktopOptions {
  readonly browser: Browser;
  readonly scripts: PageScripts;
  /** Path of the built preload script. */
  readonly preload: string;
  readonly profile: string;
  readonly renderer?: string;
  readonly displays?: readonly Display[];
  /** Arguments after the program's own. */
  readonly argv?: readonly string[];
  readonly openStudio?: () => Promise<OpenStudio>;
  /** Told of every page before anything is loaded in it. */
  readonly onPage?: (page: Page) => void;
}

export class TestDesktop {
  readonly electron: Double;
  readonly state: typeof doubleState;
  readonly studio: EchoStudio;
  readonly #context: BrowserContext;

  private constructor(parts: Pick<TestDesktop, 'electron' | 'state' | 'studio'>, context: BrowserContext) {
    this.electron = parts.electron;
    this.state = parts.state;
    this.studio = parts.studio;
    this.#context = context;
  }

  /** Starts another program; settles when its window is loaded, or when it found that another one runs. */
  static async start(options: TestDesktopOptions): Promise<TestDesktop> {
    vi.resetModules();
    const electron: Double = await import('../electron-module.ts');
    const { doubleState: state } = await import('../double-state.ts');
    const { runDesktop } = await import('../../../main/electron/electron-main.ts');
    const context = await options.browser.newContext({ ignoreHTTPSErrors: true });
    if (options.onPage) context.on('page', options.onPage);
    Object.assign(state, { context, scripts: options.scripts }, options.displays && { displays: options.displays });
    const studio = new EchoStudio();
    const { preload, profile, renderer = TEST_PAGE, openStudio = async () => studio } = options;
    const running = withArguments(options.argv ?? [], () => runDesktop({ renderer, preload, profile, openStudio }));
    electron.app.start();
    await running;
    return new TestDesktop({ electron, state, studio }, context);
  }

  windows(): InstanceType<Double['BrowserWindow']>[] {
    return this.electron.BrowserWindow.getAllWindows();
  }

  /** The page of a window, the first one if none is named. */
  async page(index = 0): Promise<Page> {
    const window = this.windows()[index];
    if (!window) throw new Error('There is no such window.');
    return window.webContents.page();
  }

  /** What the test page has noted. */
  async seen(page?: Page): Promise<{ ports: number; messages: unknown[]; commands: unknown[] }> {
    const shown = page ?? (await this.page());
    return shown.evaluate(() => (document.body as unknown as { seen: never }).seen);
  }

  async quit(): Promise<number> {
    this.electron.app.quit();
    const code = await this.electron.app.exited;
    await this.#context.close();
    return code;
  }
}

/** The command line is read when the program starts. */
function withArguments<T>(argv: readonly string[], work: () => T): T {
  const before = process.argv;
  process.argv = ['/usr/bin/underpaint', ...argv];
  try {
    return work();
  } finally {
    process.argv = before;
  }
}
