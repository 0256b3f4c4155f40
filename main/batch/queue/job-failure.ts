/**
 * Failures cross the queue as texts: BullMQ keeps the message of an error and nothing else.
 */
import {
  deserializeError,
  ERROR_CODES,
  type SerializedError,
  StudioError,
  serializeError,
} from '../../../app/base/errors.ts';
import { fields, oneOf, optional, type Parser, text } from '../../../app/contracts/parse.ts';

const parseSerialized: Parser<SerializedError> = fields<SerializedError>({
  code: oneOf(...ERROR_CODES),
  message: text,
  hint: optional(text),
  detail: optional(text),
});

/** An error that BullMQ can keep. */
export function jobFailure(error: unknown): Error {
  return new Error(JSON.stringify(serializeError(error)));
}

/** What `jobFailure` has kept, or what BullMQ itself says, such as that a job was lost too often. */
export function parseFailure(reason: string): StudioError {
  try {
    return deserializeError(parseSerialized(JSON.parse(reason), 'failure'));
  } catch {
    return new StudioError('engine-crashed', `The picture was given up: ${reason}.`);
  }
}
