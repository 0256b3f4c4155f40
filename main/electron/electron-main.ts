/**
 * The desktop program: one instance, its windows, and the files that the system asks it to open.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron/main';
import { toStudioError } from '../../app/base/errors.ts';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { answerPages } from './dialogs.ts';
import { isProjectPath, projectsOf } from './file-arguments.ts';
import { installMenu } from './menu.ts';
import { NEW_WINDOW } from './menu-table.ts';
import { connectPage } from './port-broker.ts';
import { secureContents, secureSession } from './security.ts';
import type { StudioHost } from './studio-host-port.ts';
import { StudioWindow } from './window.ts';
import { WindowMemory } from './window-memory.ts';

/** A studio that is open, and how to close it. */
export interface OpenStudio {
  readonly host: StudioHost;
  close(): Promise<void>;
}

export interface DesktopOptions {
  /** Absolute path of the folder with the built page. */
  readonly renderer: string;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  /** Absolute path of the folder for Chromium's own files and the window's place; is made when it is not there. */
  readonly profile: string;
  /** Called once, when the application is ready; the window does not wait for it. */
  openStudio(): Promise<OpenStudio>;
}

/**
 * Runs the program; to be called at once when the process starts. When another instance runs with the same profile,
 * that one gets the command line, and this one ends.
 */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  mkdirSync(options.profile, { recursive: true });
  app.setPath('userData', options.profile);
  if (!app.requestSingleInstanceLock()) return app.quit();
  registerAppScheme();
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => secureContents(contents));
  const desktop = new Desktop(options);
  desktop.followSystem();
  await app.whenReady();
  await desktop.start();
}

class Desktop {
  readonly #options: DesktopOptions;
  readonly #memory: WindowMemory;
  /** By the id of Electron's window. */
  readonly #windows = new Map<number, StudioWindow>();
  /** Projects that are to be opened once there is a window. */
  readonly #requested = projectsOf(process.argv, process.cwd());
  #studio: Promise<OpenStudio> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.#memory = new WindowMemory(join(options.profile, 'window.json'));
  }

  followSystem(): void {
    app.on('second-instance', (_event, argv, folder) => this.#openProjects(projectsOf(argv, folder)));
    app.on('open-file', (event, path) => {
      event.preventDefault();
      if (isProjectPath(path)) this.#openProjects([path]);
    });
    app.on('activate', () => this.#openProjects([]));
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('will-quit', (event) => {
      event.preventDefault();
      this.#closing ??= this.#close().then((code) => app.exit(code));
    });
  }

  async start(): Promise<void> {
    secureSession(session.defaultSession);
    serveApp(this.#options.renderer);
    answerPages();
    installMenu((command, window) => this.#run(command, window?.id));
    this.#studio = this.#options.openStudio();
    this.#studio.catch(failToStart);
    await this.#openWindow();
  }

  async #openWindow(): Promise<void> {
    const studio = this.#studio as Promise<OpenStudio>;
    const opened = new StudioWindow(this.#options.preload, await this.#memory.recall());
    const { window } = opened;
    const { id } = window;
    this.#windows.set(id, opened);
    window.on('closed', () => this.#windows.delete(id));
    this.#memory.follow(window);
    connectPage(
      window.webContents,
      studio.then(({ host }) => host),
    );
    this.#sendRequested(opened);
    await opened.load();
  }

  /** Brings the window in front, and opens the projects in it. */
  #openProjects(paths: readonly string[]): void {
    this.#requested.push(...paths);
    if (!this.#studio) return;
    const target = this.#frontWindow();
    target?.focus();
    if (target) this.#sendRequested(target);
    else report(this.#openWindow());
  }

  #sendRequested(target: StudioWindow): void {
    for (const path of this.#requested.splice(0)) {
      app.addRecentDocument(path);
      target.send('file.open', path);
    }
  }

  #frontWindow(): StudioWindow | undefined {
    const focused = BrowserWindow.getFocusedWindow();
    return (focused ? this.#windows.get(focused.id) : undefined) ?? [...this.#windows.values()].at(-1);
  }

  #run(command: string, windowId: number | undefined): void {
    const target = windowId === undefined ? this.#frontWindow() : this.#windows.get(windowId);
    if (command === NEW_WINDOW) report(this.#openWindow());
    else target?.send(command);
  }

  /** @returns the exit code */
  async #close(): Promise<number> {
    try {
      await this.#memory.flush();
      const studio = await this.#studio;
      await studio?.close();
      return 0;
    } catch (error) {
      console.error('Underpaint did not close cleanly:', error);
      return 1;
    }
  }
}

/** There is nobody to wait for it, so a failure is for the log. */
function report(work: Promise<void>): void {
  work.catch((error: unknown) => console.error(error));
}

function failToStart(error: unknown): void {
  const { message, hint, detail } = toStudioError(error);
  console.error(error);
  dialog.showErrorBox('Underpaint cannot start', [message, hint ?? detail].filter(Boolean).join('\n\n'));
  app.quit();
}
