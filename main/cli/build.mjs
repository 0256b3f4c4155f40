/**
 * Builds `out` when it does not fit the sources, so that the command line works right after `npm ci`.
 *
 * Plain JavaScript, because it runs before anything is built. Several processes may come here at once: one builds, the
 * others wait. Files of a build have their contents' hash in their names or are replaced by a rename, so that a program
 * which runs from the last build does not lose its files.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = 'electron.config.ts';
const SOURCES = ['app', 'native-models', 'main', 'renderer'];
const SOURCE_FILE = /(?<!\.test)\.(ts|tsx|css|html|svg)$/;
const SKIPPED = new Set(['starter', 'testing', 'node_modules']);
const OUT = join(ROOT, 'out');
const BUILT = join(OUT, 'main');
const SIGNATURE = join(BUILT, 'sources.sha256');
const LOCK = join(OUT, '.lock');
const UNFINISHED = /^\.build-(\d+)$/;
const POLL_MS = 100;
/** How long the files of an earlier build are kept for programs that still run from it. */
const KEEP_MS = 24 * 3600 * 1000;

/** Absolute path of the built command line. */
export const CLI_ENTRY = join(BUILT, 'cli.js');
/** Absolute path of the built API. */
export const API_ENTRY = join(BUILT, 'underpaint.js');

/**
 * Builds when the sources differ from those of the last build. A packaged program has no sources and is left alone.
 *
 * @param {(line: string) => void} [say] told once when a build starts
 * @throws Error with the builder's output when the build fails
 */
export async function ensureBuilt(say = () => {}) {
  if (!existsSync(join(ROOT, CONFIG)) || isFresh()) return;
  mkdirSync(OUT, { recursive: true });
  while (!takeLock()) {
    await delay(POLL_MS);
    if (isFresh()) return;
  }
  try {
    if (isFresh()) return;
    say('Building Underpaint (once, a few seconds) …');
    await build();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function isFresh() {
  return existsSync(CLI_ENTRY) && existsSync(SIGNATURE) && readFileSync(SIGNATURE, 'utf8') === signature();
}

/** A hash over names, sizes and times of all files that a build depends on. */
function signature() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { mtimeMs, size } = statSync(join(ROOT, path));
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(path);
      else if (SOURCE_FILE.test(entry.name)) add(path);
    }
  };
  for (const path of [CONFIG, 'package.json']) add(path);
  for (const folder of SOURCES) walk(folder);
  return hash.digest('hex');
}

/** Creating the file succeeds for one process only; it holds the id of that process. */
function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAlive(readLock())) rmSync(LOCK, { force: true });
  return false;
}

function readLock() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    // It was given back in this moment.
    return 0;
  }
}

/** @param {number} pid 0 while it is not known */
function isAlive(pid) {
  try {
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Builds into a folder of its own and moves the files over, what others refer to first. */
async function build() {
  const built = signature();
  const fresh = join(OUT, `.build-${process.pid}`);
  try {
    removeLeftovers();
    await buildPrograms(fresh);
    await buildTypes(join(fresh, 'types'));
    // The page first: its files have hashes in their names, and its index is what a new program serves.
    for (const part of readdirSync(fresh)) moveFiles(join(fresh, part), join(OUT, part));
    writeFileSync(join(fresh, 'signature'), built);
    renameSync(join(fresh, 'signature'), SIGNATURE);
    removeOldChunks();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What builds that were killed left behind. */
function removeLeftovers() {
  for (const name of readdirSync(OUT)) {
    const pid = UNFINISHED.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(OUT, name), { recursive: true, force: true });
  }
}

function moveFiles(from, to) {
  mkdirSync(to, { recursive: true });
  const entries = readdirSync(from, { withFileTypes: true }).sort((a, b) => b.isDirectory() - a.isDirectory());
  for (const entry of entries) {
    if (entry.isDirectory()) moveFiles(join(from, entry.name), join(to, entry.name));
    else renameSync(join(from, entry.name), join(to, entry.name));
  }
}

/** Chunks that are still used were replaced just now. */
function removeOldChunks() {
  for (const folder of [join(BUILT, 'chunks'), join(OUT, 'renderer', 'assets')]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const path = join(folder, name);
      if (Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path, { force: true });
    }
  }
}

function buildPrograms(outDir) {
  const flags = ['--outDir', outDir, '--logLevel', 'warn', '--ignoreConfigWarning'];
  return runPackage('electron-vite', 'bin/electron-vite.js', ['build', '-c', CONFIG, ...flags]);
}

/** The types of the API, for those who write their scripts in TypeScript. */
function buildTypes(outDir) {
  return runPackage('typescript', 'bin/tsc', ['-p', 'main/api', '--outDir', outDir]);
}

/** Runs a program of an installed package. Throws its output when it fails. */
function runPackage(name, program, args) {
  const path = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), program);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`The build failed.\n${output}`))));
  });
}
