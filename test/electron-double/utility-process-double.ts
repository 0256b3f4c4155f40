/**
 * `utilityProcess` on forked Node processes. As in Electron the child talks through `process.parentPort`, and `pid` is
 * there from `spawn` to `exit`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

const CHILD_SETUP = pathToFileURL(`${import.meta.dirname}/utility-child.mjs`).href;

class UtilityProcessDouble extends EventEmitter {
  pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  readonly #child: ChildProcess;

  constructor(entry: string, args: readonly string[]) {
    super();
    this.#child = fork(entry, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', CHILD_SETUP],
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.once('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.once('exit', (code, signal) => {
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15));
      this.pid = undefined;
    });
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => {});
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork: (entry: string, args: readonly string[] = []) => new UtilityProcessDouble(entry, args),
};
