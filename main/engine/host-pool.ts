/**
 * Threads for host tasks. They start when they are first needed, and do not keep the process alive.
 */
import { Worker } from 'node:worker_threads';
import { deserializeError, type SerializedError, toStudioError } from '../../app/base/errors.ts';
import {
  HOST_TASKS,
  type HostTaskInput,
  type HostTaskName,
  type HostTaskResult,
} from '../../native-models/host-tasks.ts';

/** What a thread is asked, and what it answers. */
export interface HostQuestion {
  readonly name: HostTaskName;
  readonly input: unknown;
}
export type HostAnswer = { readonly result: unknown } | { readonly error: SerializedError };

interface Waiting {
  readonly question: HostQuestion;
  readonly moved: readonly ArrayBuffer[];
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export class HostPool {
  readonly threads: number;
  readonly #entry: string;
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  #started = 0;

  /**
   * @param entry absolute path of the program that a thread runs (host-worker.ts, bundled)
   * @param threads with one, tasks run where they are asked for
   */
  constructor(entry: string, threads: number) {
    this.#entry = entry;
    this.threads = threads;
  }

  /** Throws what the task throws. The buffers of `moved` are gone afterwards. */
  run<Name extends HostTaskName>(
    name: Name,
    input: HostTaskInput<Name>,
    moved: readonly ArrayBuffer[],
  ): Promise<HostTaskResult<Name>> {
    if (this.threads === 1) return new Promise((resolve) => resolve(HOST_TASKS[name](input) as HostTaskResult<Name>));
    return new Promise((resolve, reject) => {
      const done = resolve as (result: unknown) => void;
      this.#waiting.push({ question: { name, input }, moved, resolve: done, reject });
      this.#startNext();
    });
  }

  #startNext(): void {
    const task = this.#waiting[0];
    const worker = task && (this.#idle.pop() ?? this.#startWorker());
    if (!worker) return;
    this.#waiting.shift();
    this.#give(worker, task);
  }

  #startWorker(): Worker | undefined {
    if (this.#started === this.threads) return undefined;
    this.#started++;
    // What is loaded before the process's program is not for a thread.
    const worker = new Worker(this.#entry, { execArgv: [] });
    worker.unref();
    return worker;
  }

  #give(worker: Worker, { question, moved, resolve, reject }: Waiting): void {
    const settle = (finish: () => void) => {
      worker.off('message', answered).off('error', failed);
      worker.unref();
      finish();
      this.#startNext();
    };
    const answered = (answer: HostAnswer) => {
      this.#idle.push(worker);
      settle(() => ('error' in answer ? reject(deserializeError(answer.error)) : resolve(answer.result)));
    };
    // The thread is gone; another one is started in its place.
    const failed = (error: unknown) => {
      this.#started--;
      settle(() => reject(toStudioError(error)));
    };
    worker.on('message', answered).on('error', failed);
    worker.ref();
    worker.postMessage(question, [...moved]);
  }
}
