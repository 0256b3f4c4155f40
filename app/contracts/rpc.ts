/**
 * Calls over a port: typed methods with streamed events, cancelling, and errors that keep their code.
 *
 * An Api type names methods with their arguments, events and results (see `EngineApi`); its contract holds a parser for
 * each of them, because nothing that comes out of a port is trusted to have the type that it should.
 *
 * Events of a call have a credit of one: the next is sent when the client has dealt with the last. In the meantime they
 * queue in order, and an event marked `latest` replaces an unsent one that is marked so too.
 *
 * `serve` (rpc-server.ts) is one end, `connect` (rpc-client.ts) the other.
 */
import type { Disposable } from '../base/disposable.ts';
import type { StudioError } from '../base/errors.ts';
import type { Parser } from './parse.ts';

/** What an Api type must look like. */
export type ApiShape<Api> = {
  readonly [M in keyof Api]: { args: readonly unknown[]; event: unknown; result: unknown };
};

/** Parsers of everything that an Api sends. */
export type Contract<Api extends ApiShape<Api>> = {
  readonly [M in keyof Api]: {
    readonly args: Parser<Api[M]['args']>;
    readonly event: Parser<Api[M]['event']>;
    readonly result: Parser<Api[M]['result']>;
  };
};

export interface CallContext<Event> {
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Streams an event. `latest`: an older event so marked that is still unsent need not be sent any more. */
  emit(event: Event, options?: { readonly latest?: boolean }): void;
}

export type Handlers<Api extends ApiShape<Api>> = {
  readonly [M in keyof Api]: (
    context: CallContext<Api[M]['event']>,
    ...args: Api[M]['args']
  ) => Promise<Api[M]['result']>;
};

export interface CallOptions<Event> {
  /** Aborting cancels the call; it then fails with `cancelled` as soon as the server has stopped. */
  readonly signal?: AbortSignal | undefined;
  /** Gets the events in order. The next one is asked for when the result has settled; a failure cancels the call. */
  readonly onEvent?: ((event: Event) => void | Promise<void>) | undefined;
}

export interface Client<Api extends ApiShape<Api>> extends Disposable {
  /** Throws what the handler threw, `cancelled`, or the client's error for a closed port. */
  call<M extends keyof Api & string>(
    method: M,
    args: Api[M]['args'],
    options?: CallOptions<Api[M]['event']>,
  ): Promise<Api[M]['result']>;
}

/** Told of messages that make no sense and belong to no call. */
export type ReportBadMessage = (error: StudioError) => void;
