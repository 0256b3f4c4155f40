/**
 * `npm start`: the studio in its own window, or in the browser where there is no Electron.
 *
 * Plain JavaScript, because it runs before anything is built.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CLI_ENTRY, ensureBuilt } from './build.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NO_SCREEN = 'There is no screen here';
/** A slow line may need long for the hundred megabytes that Electron's package fetches at its first start. */
const DOWNLOAD_MS = 15 * 60 * 1000;

await ensureBuilt((line) => console.error(line));
const { electron, reason } = findElectron();
if (electron) await runDesktop(electron);
else await serveInstead(reason);

/** The path of Electron's binary, or why there is none. Its package fetches the binary when it is asked for the first time. */
function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: NO_SCREEN };
  }
  const script = "process.stdout.write('\\n' + require('electron'))";
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: DOWNLOAD_MS,
  });
  const path = stdout?.trim().split('\n').at(-1);
  return status === 0 && path ? { electron: path } : { reason: 'Electron could not be fetched' };
}

function runDesktop(electron) {
  return new Promise((resolve) => {
    const child = spawn(electron, [join(ROOT, 'out/main/desktop.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
    child.once('error', () => resolve(serveInstead('Electron could not be started')));
    child.once('exit', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

async function serveInstead(why) {
  console.log(`${why}, so the studio is served to a browser instead.`);
  const flags = [...process.argv.slice(2), ...(why === NO_SCREEN ? [] : ['--open'])];
  process.argv.splice(2, process.argv.length, 'serve', ...flags);
  await import(pathToFileURL(CLI_ENTRY).href);
}
