/**
 * The answering end of calls over a port.
 */
import { type Disposable, disposable, disposeTogether } from '../base/disposable.ts';
import { StudioError, serializeError, toStudioError } from '../base/errors.ts';
import type { Port } from './port.ts';
import type { ApiShape, CallContext, Contract, Handlers, ReportBadMessage } from './rpc.ts';
import { idOfMalformed, parseRpcMessage, type RpcMessage } from './rpc-message.ts';

/** Answers the calls that come in through `port` until it closes or the result is disposed. */
export function serve<Api extends ApiShape<Api>>(
  contract: Contract<Api>,
  handlers: Handlers<Api>,
  port: Port,
  reportBadMessage: ReportBadMessage,
): Disposable {
  const calls = new Map<number, ServedCall>();
  const start = ({ id, method, args }: Extract<RpcMessage, { kind: 'request' }>) => {
    if (calls.has(id)) return reportBadMessage(new StudioError('bad-request', `Call ${id} is already running.`));
    const call = new ServedCall(id, port, () => calls.delete(id));
    calls.set(id, call);
    void call.run(async () => {
      if (!Object.hasOwn(contract, method)) throw new StudioError('bad-request', `There is no method '${method}'.`);
      const name = method as keyof Api;
      return handlers[name](call, ...contract[name].args(args, `${method} args`));
    });
  };
  const receive = (message: RpcMessage) => {
    if (message.kind === 'request') start(message);
    else if (message.kind === 'cancel') calls.get(message.id)?.cancel();
    else if (message.kind === 'ack') calls.get(message.id)?.acknowledge(message.sequence);
    else reportBadMessage(new StudioError('bad-request', `A server does not take '${message.kind}' messages.`));
  };
  const listening = port.onMessage((raw) => {
    try {
      receive(parseRpcMessage(raw, 'message'));
    } catch (error) {
      const id = idOfMalformed(raw);
      if (id === undefined || calls.has(id)) reportBadMessage(toStudioError(error));
      else port.post({ kind: 'error', id, error: serializeError(error) } satisfies RpcMessage);
    }
  });
  const stopAll = () => {
    for (const call of calls.values()) call.abandon();
    calls.clear();
  };
  return disposeTogether(disposable(stopAll), listening, port.onClose(stopAll));
}

/** Tells the client that the server cannot start: all its calls fail with `error`. */
export function failToServe(error: unknown, port: Port): void {
  port.post({ kind: 'init-failure', error: serializeError(error) } satisfies RpcMessage);
}

/** The server's side of one call. */
class ServedCall implements CallContext<unknown> {
  readonly #id: number;
  readonly #port: Port;
  readonly #finished: () => void;
  readonly #abort = new AbortController();
  readonly #unsent: { event: unknown; latest: boolean }[] = [];
  #sequence = 0;
  #awaitsAck = false;
  #answer: RpcMessage | undefined;
  #silent = false;

  /** A field, so that handlers may take it out of the context. */
  readonly emit = (event: unknown, { latest = false } = {}): void => {
    if (this.signal.aborted) return;
    if (this.#answer) throw new StudioError('internal', 'A call that has been answered has no more events.');
    const replaced = latest ? this.#unsent.findIndex((waiting) => waiting.latest) : -1;
    if (replaced >= 0) this.#unsent.splice(replaced, 1);
    this.#unsent.push({ event, latest });
    this.#sendNext();
  };

  constructor(id: number, port: Port, finished: () => void) {
    this.#id = id;
    this.#port = port;
    this.#finished = finished;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async run(work: () => Promise<unknown>): Promise<void> {
    const id = this.#id;
    try {
      this.#answer = { kind: 'reply', id, result: await work() };
    } catch (error) {
      this.#answer = { kind: 'error', id, error: serializeError(error) };
    }
    this.#sendNext();
  }

  acknowledge(sequence: number): void {
    if (!this.#awaitsAck || sequence !== this.#sequence - 1) return;
    this.#awaitsAck = false;
    this.#sendNext();
  }

  cancel(): void {
    this.#unsent.length = 0;
    this.#awaitsAck = false;
    this.#abort.abort();
    if (this.#answer) this.#sendNext();
  }

  /** Nobody is there any more to be answered. */
  abandon(): void {
    this.#silent = true;
    this.cancel();
  }

  #sendNext(): void {
    if (this.#silent || this.#awaitsAck) return;
    const next = this.#unsent.shift();
    if (next) {
      this.#awaitsAck = true;
      this.#post({ kind: 'event', id: this.#id, sequence: this.#sequence++, event: next.event });
    } else if (this.#answer) {
      this.#silent = true;
      this.#finished();
      this.#post(this.#answer);
    }
  }

  /** What cannot be cloned fails the call, not the process. */
  #post(message: RpcMessage): void {
    try {
      this.#port.post(message);
    } catch (error) {
      this.abandon();
      this.#finished();
      this.#port.post({ kind: 'error', id: this.#id, error: serializeError(error) } satisfies RpcMessage);
    }
  }
}
