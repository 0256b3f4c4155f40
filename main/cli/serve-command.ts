/**
 * `underpaint serve`: the studio in a browser.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { StudioHost } from '../host/studio-host.ts';
import { findPaths } from '../paths.ts';
import { startServer } from '../server/studio-server.ts';
import { addEngineFlags, type EngineFlags, engineOptions } from './engine-flags.ts';
import { wholeNumber } from './parse-number.ts';

const MAX_PORT = 65_535;

interface ServeFlags extends EngineFlags {
  readonly port: number;
  readonly open?: boolean;
}

export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Open the studio in a browser. Only this machine can reach it, and only with the address that is printed.',
    )
    .option(
      '--port <number>',
      'port to listen on; 0 takes a free one',
      wholeNumber('--port', { min: 0, max: MAX_PORT }),
      0,
    )
    .option('--open', 'open it in your browser');
  return addEngineFlags(command).action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const root = findPaths().page;
  if (!existsSync(join(root, 'index.html'))) {
    throw new StudioError('internal', 'The page of the studio is not built.', { hint: 'Run "npm run build".' });
  }
  const host = await StudioHost.open({
    engine: engineOptions(flags),
    reportBadMessage: (error) => console.error(`warning: ${error.message}`),
  });
  const server = await startServer({ root, port: flags.port, connect: (port) => host.connect(port) });
  console.log(`Underpaint is at ${server.url}`);
  if (flags.open) await openInBrowser(server.url);
  console.log('Press Ctrl+C to stop. What runs then can go on at the next start.');
  await stopSignal();
  await server.close();
  await host.close();
}

/** Where there is no browser, the printed address is enough. */
async function openInBrowser(url: string): Promise<void> {
  try {
    const { default: open } = await import('open');
    (await open(url)).on('error', () => {});
  } catch {
    console.error('warning: No browser could be opened; use the address above.');
  }
}

/** Resolves at the first Ctrl+C; a second one ends the program at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(130);
        stopping = true;
        resolve();
      });
    }
  });
}
