/**
 * Starts the engine as a forked Node process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { EngineExit, LaunchEngine } from './launcher.ts';
import { childPort } from './process-port.ts';

/** Characters kept of what the engine prints. */
const OUTPUT_TAIL = 8 * 1024;

/** @param entry absolute path of the JavaScript file that the process runs */
export function createNodeLauncher(entry: string): LaunchEngine {
  return () => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      // Output is kept for error reports; nothing of it may get into what a command prints.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Flags of the parent, such as a debugger's port, are not the child's.
      execArgv: [],
    });
    const output = captureTail(child);
    return {
      port: childPort(child),
      exited: waitForExit(child, output),
      kill: () => child.kill('SIGKILL'),
    };
  };
}

function captureTail(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-OUTPUT_TAIL);
    });
  }
  return () => tail;
}

/** `close` comes after `exit`, when the output has been read to its end; a process that cannot start has an `error`. */
function waitForExit(child: ChildProcess, output: () => string): Promise<EngineExit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output: output() }));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, output: String(error) });
    });
  });
}
