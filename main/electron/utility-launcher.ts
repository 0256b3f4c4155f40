/**
 * Starts the engine as a utility process of Electron.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type UtilityProcess, utilityProcess } from 'electron/main';
import { disposable } from '../../app/base/disposable.ts';
import { Emitter } from '../../app/base/events.ts';
import type { Port } from '../../app/contracts/port.ts';
import type { EngineExit, LaunchEngine } from '../engine/launcher.ts';

/** Characters kept of what the engine prints. */
const OUTPUT_TAIL = 8 * 1024;
/** How long output may come after the end of the process, in milliseconds. */
const OUTPUT_WAIT_MS = 500;

/**
 * To be used once the application is ready.
 *
 * @param entry absolute path of the JavaScript file that the process runs; it talks through `process.parentPort`
 */
export function createUtilityLauncher(entry: string): LaunchEngine {
  return () => {
    const child = utilityProcess.fork(entry, [], { stdio: 'pipe', serviceName: 'Underpaint engine', execArgv: [] });
    const output = captureTail(child);
    const kill = createKill(child);
    const exited = new Promise<EngineExit>((resolve) => {
      child.once('exit', async (code) => resolve({ code, signal: null, output: await output() }));
    });
    return { port: utilityPort(child, exited, kill), exited, kill };
  };
}

/** A kill that comes before the process is there waits for it. `UtilityProcess.kill` alone would only ask it to end. */
function createKill(child: UtilityProcess): () => void {
  const killNow = () => {
    try {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  return () => {
    if (child.pid === undefined) child.once('spawn', killNow);
    else killNow();
  };
}

function utilityPort(child: UtilityProcess, exited: Promise<EngineExit>, kill: () => void): Port {
  const closed = new Emitter<void>();
  let open = true;
  const end = () => {
    if (!open) return;
    open = false;
    queueMicrotask(() => closed.fire());
  };
  void exited.then(end);
  return {
    post(message) {
      if (open) child.postMessage(message);
    },
    onMessage(listener) {
      child.on('message', listener);
      return disposable(() => child.off('message', listener));
    },
    onClose(listener) {
      if (open) return closed.on(listener);
      const soon = setImmediate(listener);
      return disposable(() => clearImmediate(soon));
    },
    /** The child cannot see that nobody listens any more, so it is ended. */
    close() {
      end();
      kill();
    },
  };
}

/** The last output of the child; waits for what is still on its way, but not for long. */
function captureTail({ stdout, stderr }: UtilityProcess): () => Promise<string> {
  let tail = '';
  const streams = [stdout, stderr].filter((stream) => stream !== null);
  const ended = streams.map((stream) => {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-OUTPUT_TAIL);
    });
    return new Promise((resolve) => stream.once('end', resolve));
  });
  return async () => {
    await Promise.race([Promise.all(ended), delay(OUTPUT_WAIT_MS)]);
    return tail;
  };
}
