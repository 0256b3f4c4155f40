/**
 * The asking end of calls over a port.
 */
import { disposeTogether } from '../base/disposable.ts';
import {
  cancelled,
  deserializeError,
  isCancelled,
  type SerializedError,
  StudioError,
  toStudioError,
} from '../base/errors.ts';
import type { Parser } from './parse.ts';
import type { Port } from './port.ts';
import type { ApiShape, CallOptions, Client, Contract, ReportBadMessage } from './rpc.ts';
import { idOfMalformed, parseRpcMessage, type RpcMessage } from './rpc-message.ts';

export interface ConnectOptions {
  /** What running and later calls fail with once the port is closed. */
  readonly closedError: () => StudioError;
  readonly reportBadMessage: ReportBadMessage;
}

/** A client of the server at the other end of `port`. Disposing it closes the port. */
export function connect<Api extends ApiShape<Api>>(
  contract: Contract<Api>,
  port: Port,
  options: ConnectOptions,
): Client<Api> {
  const calls = new Map<number, PendingCall>();
  let failure: StudioError | undefined;
  let nextId = 0;

  const failAll = (error: StudioError) => {
    failure ??= error;
    for (const call of [...calls.values()]) call.fail(failure);
  };
  const receive = (message: RpcMessage) => {
    if (message.kind === 'init-failure') failAll(deserializeError(message.error));
    else if (message.kind === 'reply') calls.get(message.id)?.resolve(message.result);
    else if (message.kind === 'error') calls.get(message.id)?.failWith(message.error);
    else if (message.kind === 'event') void calls.get(message.id)?.deliver(message.event, message.sequence);
    else options.reportBadMessage(new StudioError('bad-request', `A client does not take '${message.kind}' messages.`));
  };
  const listening = port.onMessage((raw) => {
    try {
      receive(parseRpcMessage(raw, 'message'));
    } catch (error) {
      const call = calls.get(idOfMalformed(raw) ?? -1);
      if (call) call.giveUp(unreadable(error));
      else options.reportBadMessage(toStudioError(error));
    }
  });
  const watching = port.onClose(() => failAll(options.closedError()));

  return {
    call: (method, args, callOptions = {}) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        if (callOptions.signal?.aborted) return reject(cancelled());
        const id = nextId++;
        const { event, result } = contract[method];
        const settle = { resolve, reject, finished: () => calls.delete(id) };
        const call = new PendingCall({ id, method, port, event, result }, callOptions as CallOptions<unknown>, settle);
        calls.set(id, call);
        call.start(args);
      }),
    dispose() {
      disposeTogether(listening, watching).dispose();
      port.close();
      failAll(options.closedError());
    },
  };
}

interface CallFacts {
  readonly id: number;
  readonly method: string;
  readonly port: Port;
  readonly event: Parser<unknown>;
  readonly result: Parser<unknown>;
}

interface Settle {
  resolve(result: unknown): void;
  reject(error: unknown): void;
  finished(): void;
}

/** The client's side of one call. */
class PendingCall {
  readonly #facts: CallFacts;
  readonly #options: CallOptions<unknown>;
  readonly #settle: Settle;
  readonly #cancel = () => this.#facts.port.post({ kind: 'cancel', id: this.#facts.id } satisfies RpcMessage);

  constructor(facts: CallFacts, options: CallOptions<unknown>, settle: Settle) {
    this.#facts = facts;
    this.#options = options;
    this.#settle = settle;
  }

  start(args: readonly unknown[]): void {
    const { id, method, port } = this.#facts;
    try {
      port.post({ kind: 'request', id, method, args } satisfies RpcMessage);
      this.#options.signal?.addEventListener('abort', this.#cancel, { once: true });
    } catch (error) {
      this.fail(error);
    }
  }

  async deliver(raw: unknown, sequence: number): Promise<void> {
    const { id, port } = this.#facts;
    try {
      await this.#options.onEvent?.(this.#parseEvent(raw));
      port.post({ kind: 'ack', id, sequence } satisfies RpcMessage);
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Fails although the server has not answered; it is told to stop. */
  giveUp(error: unknown): void {
    this.#cancel();
    this.fail(error);
  }

  #parseEvent(raw: unknown): unknown {
    try {
      return this.#facts.event(raw, `${this.#facts.method} event`);
    } catch (error) {
      throw unreadable(error);
    }
  }

  resolve(raw: unknown): void {
    const { method, result } = this.#facts;
    try {
      const value = result(raw, `${method} result`);
      this.#finish();
      this.#settle.resolve(value);
    } catch (error) {
      this.fail(unreadable(error));
    }
  }

  failWith(serialized: SerializedError): void {
    const error = deserializeError(serialized);
    this.fail(isCancelled(error) ? cancelled() : error);
  }

  fail(error: unknown): void {
    this.#finish();
    this.#settle.reject(error);
  }

  #finish(): void {
    this.#options.signal?.removeEventListener('abort', this.#cancel);
    this.#settle.finished();
  }
}

function unreadable(cause: unknown): StudioError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new StudioError('internal', 'The engine sent an answer that cannot be read.', { cause, detail });
}
