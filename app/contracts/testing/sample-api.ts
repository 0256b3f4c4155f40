/**
 * A small Api that uses every feature of the rpc; for tests.
 */
import { cancelled, StudioError } from '../../base/errors.ts';
import { anything, bytes, finite, integer, nothing, text, tuple } from '../parse.ts';
import type { Contract, Handlers } from '../rpc.ts';

export interface SampleApi {
  add: { args: [a: number, b: number]; event: never; result: number };
  /** Streams 0 … count − 1. */
  count: { args: [count: number]; event: number; result: string };
  /** Streams 0 … count − 1 at once, all of them replaceable. */
  latest: { args: [count: number]; event: number; result: string };
  invert: { args: [data: Uint8Array]; event: never; result: Uint8Array };
  fail: { args: [message: string]; event: never; result: never };
  /** Goes on until it is cancelled. */
  wait: { args: []; event: never; result: never };
  /** Answers with what cannot be sent, or with the wrong type. */
  odd: { args: [kind: string]; event: never; result: number };
}

const size = integer(0, 1000);

export const SAMPLE_CONTRACT: Contract<SampleApi> = {
  add: { args: tuple(finite, finite), event: nothing, result: finite },
  count: { args: tuple(size), event: finite, result: text },
  latest: { args: tuple(size), event: finite, result: text },
  invert: { args: tuple(bytes), event: nothing, result: bytes },
  fail: { args: tuple(text), event: nothing, result: nothing },
  wait: { args: (value, place) => tuple<[]>()(value, place), event: nothing, result: nothing },
  odd: { args: tuple(text), event: nothing, result: finite },
};

export function createSampleHandlers(): Handlers<SampleApi> {
  return {
    add: async (_, a, b) => a + b,
    async count({ emit }, count) {
      for (let index = 0; index < count; index++) emit(index);
      return 'done';
    },
    async latest({ emit }, count) {
      for (let index = 0; index < count; index++) emit(index, { latest: true });
      return 'done';
    },
    invert: async (_, data) => data.map((byte) => 255 - byte),
    async fail(_, message) {
      throw new StudioError('bad-request', message, { hint: 'Do not.', detail: 'inner' });
    },
    wait: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(cancelled()));
      }),
    odd: async (_, kind) => anything(kind === 'function' ? () => 1 : 'text', kind) as number,
  };
}
