/**
 * What travels over a port between `serve` and `connect`.
 */
import { ERROR_CODES, type ErrorCode, type SerializedError } from '../base/errors.ts';
import { anything, fields, integer, list, oneOf, optional, type Parser, text, variants } from './parse.ts';

export type RpcMessage =
  /** Client to server: starts a call. Ids are the client's and are never used again. */
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  /** Client to server: the call is not wanted any more. The server still answers it. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Client to server: the event of this sequence number is dealt with; the next one may come. */
  | { readonly kind: 'ack'; readonly id: number; readonly sequence: number }
  /** Server to client: an event of a running call. Sequence numbers count from 0 in each call. */
  | { readonly kind: 'event'; readonly id: number; readonly sequence: number; readonly event: unknown }
  /** Server to client: the call's result; nothing follows. */
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  /** Server to client: why the call failed; nothing follows. */
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError }
  /** Server to client: the server could not start; every call fails with this. */
  | { readonly kind: 'init-failure'; readonly error: SerializedError };

type MessageOf<Kind extends RpcMessage['kind']> = Extract<RpcMessage, { kind: Kind }>;

const id = integer(0, Number.MAX_SAFE_INTEGER);

const errorCode: Parser<ErrorCode> = (value) => ERROR_CODES.find((code) => code === value) ?? 'internal';

const serializedError = fields<SerializedError>({
  code: errorCode,
  message: text,
  hint: optional(text),
  detail: optional(text),
});

/** Parses an envelope; what it carries is parsed by the contract of its method. Throws `bad-request`. */
export const parseRpcMessage: Parser<RpcMessage> = variants<RpcMessage>('kind', {
  request: fields<MessageOf<'request'>>({ kind: oneOf('request'), id, method: text, args: list(anything) }),
  cancel: fields<MessageOf<'cancel'>>({ kind: oneOf('cancel'), id }),
  ack: fields<MessageOf<'ack'>>({ kind: oneOf('ack'), id, sequence: id }),
  event: fields<MessageOf<'event'>>({ kind: oneOf('event'), id, sequence: id, event: anything }),
  reply: fields<MessageOf<'reply'>>({ kind: oneOf('reply'), id, result: anything }),
  error: fields<MessageOf<'error'>>({ kind: oneOf('error'), id, error: serializedError }),
  'init-failure': fields<MessageOf<'init-failure'>>({ kind: oneOf('init-failure'), error: serializedError }),
});

/** The id of a message that is otherwise malformed, so that its call can be told. */
export function idOfMalformed(message: unknown): number | undefined {
  try {
    return fields<{ id: number }>({ id })(message, 'message').id;
  } catch {
    return undefined;
  }
}
