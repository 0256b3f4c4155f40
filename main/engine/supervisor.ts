/**
 * Owns the one engine process: starts it when it is first needed, stops runs that do not stop by themselves, and starts
 * it again after it died.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, StudioError } from '../../app/base/errors.ts';
import type { ApiShape, CallOptions, Client, Contract } from '../../app/contracts/rpc.ts';
import { connect } from '../../app/contracts/rpc-client.ts';
import type { EngineExit, LaunchEngine } from './launcher.ts';

export interface SupervisorOptions {
  /** How long a cancelled call may go on before the engine is killed, in milliseconds. */
  readonly graceMs: number;
  /** Wait before the second start after crashes in a row, in milliseconds; it doubles with each further crash. */
  readonly backoffMs: number;
}

const DEFAULTS: SupervisorOptions = { graceMs: 2000, backoffMs: 1000 };
const MAX_BACKOFF_MS = 30_000;

/** A started process with its client, and why it was or will be gone. */
interface RunningEngine<Api extends ApiShape<Api>> {
  readonly client: Client<Api>;
  /** Made when the process is gone or killed. */
  readonly gone: Promise<StudioError>;
  /** What the client fails with when its port closes; stands for `gone`. */
  readonly closed: StudioError;
  readonly calls: Set<object>;
  kill(reason: 'cancel' | 'dispose'): void;
}

export class Supervisor<Api extends ApiShape<Api>> {
  readonly #contract: Contract<Api>;
  readonly #launch: LaunchEngine;
  readonly #options: SupervisorOptions;
  readonly #disposed = new AbortController();
  /** All that are not gone yet, dying ones too. */
  readonly #processes = new Set<RunningEngine<Api>>();
  /** The one that takes calls. */
  #engine: RunningEngine<Api> | undefined;
  #crashes = 0;

  constructor(contract: Contract<Api>, launch: LaunchEngine, options: Partial<SupervisorOptions> = {}) {
    this.#contract = contract;
    this.#launch = launch;
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * Calls a method of the engine.
   *
   * @throws StudioError what the method throws; `cancelled` soon after `signal` is aborted, at the latest after the
   *   grace period; `engine-crashed` when the process dies
   */
  async call<M extends keyof Api & string>(
    method: M,
    args: Api[M]['args'],
    options: CallOptions<Api[M]['event']> = {},
  ): Promise<Api[M]['result']> {
    const engine = await this.#ensure(options.signal);
    const call = {};
    engine.calls.add(call);
    const overdue = this.#watchOverdue(engine, call, options.signal);
    try {
      const result = await Promise.race([engine.client.call(method, args, options), overdue.promise]);
      this.#crashes = 0;
      return result;
    } catch (error) {
      if (error !== engine.closed) throw error;
      throw options.signal?.aborted ? cancelled() : await engine.gone;
    } finally {
      overdue.stop();
      engine.calls.delete(call);
    }
  }

  /** Kills the engine and waits until it is gone; running and later calls fail with `cancelled`. */
  async dispose(): Promise<void> {
    this.#disposed.abort();
    const processes = [...this.#processes];
    for (const engine of processes) engine.kill('dispose');
    await Promise.all(processes.map(({ gone }) => gone));
  }

  async #ensure(signal: AbortSignal | undefined): Promise<RunningEngine<Api>> {
    while (!this.#engine) {
      // Two engines at once could need twice the memory; and a crash is counted when the process is gone.
      await Promise.all([...this.#processes].map(({ gone }) => gone));
      await this.#backOff(signal);
      if (this.#disposed.signal.aborted || signal?.aborted) throw cancelled();
      this.#engine ??= this.#start();
    }
    return this.#engine;
  }

  /** The first start after a crash comes at once, later ones after 1, 2, 4 … times the back-off. */
  async #backOff(signal: AbortSignal | undefined): Promise<void> {
    if (this.#crashes < 2) return;
    const wait = Math.min(MAX_BACKOFF_MS, this.#options.backoffMs * 2 ** (this.#crashes - 2));
    const signals = [this.#disposed.signal, ...(signal ? [signal] : [])];
    await delay(wait, undefined, { signal: AbortSignal.any(signals) }).catch(() => {});
  }

  #start(): RunningEngine<Api> {
    const { port, exited, kill } = this.#launch();
    const closed = new StudioError('engine-crashed', 'The engine is gone.');
    let killedFor: 'cancel' | 'dispose' | undefined;
    const retire = () => {
      if (this.#engine === engine) this.#engine = undefined;
      kill();
    };
    // A process that has closed its port is of no use any more, even if it should live on.
    const watching = port.onClose(retire);
    const client = connect(this.#contract, port, {
      closedError: () => closed,
      reportBadMessage: (error) => console.error(error),
    });
    const gone = exited.then((exit) => {
      watching.dispose();
      client.dispose();
      if (this.#engine === engine) this.#engine = undefined;
      this.#processes.delete(engine);
      if (!killedFor) this.#crashes++;
      return describeEnd(exit, killedFor);
    });
    const stop = (reason: 'cancel' | 'dispose') => {
      killedFor ??= reason;
      retire();
    };
    const engine: RunningEngine<Api> = { client, gone, closed, calls: new Set(), kill: stop };
    this.#processes.add(engine);
    return engine;
  }

  /**
   * Fails when the call goes on for longer than the grace period after its signal was aborted. Calls are worked off in
   * order, so only the oldest one can be what the engine is busy with; only then it is killed.
   */
  #watchOverdue(engine: RunningEngine<Api>, call: object, signal: AbortSignal | undefined) {
    let timer: NodeJS.Timeout | undefined;
    const { promise, reject } = withReject();
    const expire = () => {
      const [oldest] = engine.calls;
      if (oldest === call) engine.kill('cancel');
      reject(cancelled());
    };
    const abort = () => {
      timer = setTimeout(expire, this.#options.graceMs);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    const stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    return { promise, stop };
  }
}

function withReject(): { promise: Promise<never>; reject: (error: StudioError) => void } {
  let reject: (error: StudioError) => void = () => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

function describeEnd({ code, signal, output }: EngineExit, killedFor: 'cancel' | 'dispose' | undefined): StudioError {
  if (killedFor === 'dispose') return new StudioError('cancelled', 'The studio is closing.');
  if (killedFor === 'cancel') {
    return new StudioError('engine-crashed', 'The engine was restarted to stop another run.', { hint: 'Try again.' });
  }
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  const starved = signal === 'SIGKILL';
  return new StudioError('engine-crashed', `The engine stopped unexpectedly (${how}).`, {
    hint: starved
      ? 'The system may have run out of memory: close other programs or use a smaller model, then try again.'
      : 'Try again; it starts afresh. If it happens again, choose "cpu" as the device.',
    detail: output,
  });
}
