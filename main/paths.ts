/**
 * Where things lie: the program's own files and the person's data.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

export interface Paths {
  /** The person's data; need not exist yet. */
  readonly data: string;
  /** Installed models, a folder each; need not exist yet. */
  readonly models: string;
  /** Models that come with the program, a folder each. */
  readonly starter: string;
  /** The built program that the engine process runs. */
  readonly engineEntry: string;
  /** The built program that the engine's threads run. */
  readonly hostWorkerEntry: string;
  /** Folder of the built page that windows show. */
  readonly page: string;
  /** The script that Electron runs in its windows before the page. */
  readonly preload: string;
}

const PACKAGE_ROOT = findPackageRoot();

/** Version of the program, from its package.json. */
export const APP_VERSION = readVersion();

/**
 * @param home the data folder; without it the variable UNDERPAINT_HOME, without that the platform's convention
 *   (Linux: $XDG_DATA_HOME/underpaint, macOS: ~/Library/Application Support/underpaint, Windows:
 *   %LOCALAPPDATA%\underpaint\Data)
 */
export function findPaths(home?: string): Paths {
  const chosen = home || process.env.UNDERPAINT_HOME;
  const data = chosen ? resolve(chosen) : envPaths('underpaint', { suffix: '' }).data;
  return {
    data,
    models: join(data, 'models'),
    starter: unpackedPath(join(PACKAGE_ROOT, 'native-models', 'starter')),
    engineEntry: join(PACKAGE_ROOT, 'out', 'main', 'engine-process.js'),
    hostWorkerEntry: join(PACKAGE_ROOT, 'out', 'main', 'host-worker.js'),
    page: join(PACKAGE_ROOT, 'out', 'renderer'),
    preload: join(PACKAGE_ROOT, 'out', 'preload', 'preload.cjs'),
  };
}

/**
 * Where a file of a packaged program lies as a real file: electron-builder puts what `asarUnpack` names beside the
 * archive. Only Electron's own file system can look into the archive, libraries cannot. Other paths stay as they are.
 */
export function unpackedPath(path: string): string {
  return path.replace(/([/\\][^/\\]+\.asar)(?=[/\\]|$)/, '$1.unpacked');
}

/** The nearest folder above this file with a package.json; this file may be a source or bundled below `out`. */
function findPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Underpaint has no package.json: install it again.');
    folder = parent;
  }
  return folder;
}

function readVersion(): string {
  const data: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}
