/**
 * Entry of a thread of the host pool: one question at a time.
 */
import { parentPort } from 'node:worker_threads';
import { serializeError } from '../../app/base/errors.ts';
import { HOST_TASKS } from '../../native-models/host-tasks.ts';
import type { HostAnswer, HostQuestion } from './host-pool.ts';

parentPort?.on('message', ({ name, input }: HostQuestion) => {
  const answer = work(name, input);
  parentPort?.postMessage(answer, 'result' in answer ? buffersOf(answer.result) : []);
});

function work(name: HostQuestion['name'], input: unknown): HostAnswer {
  try {
    const task = HOST_TASKS[name] as (input: unknown) => unknown;
    return { result: task(input) };
  } catch (error) {
    return { error: serializeError(error) };
  }
}

/** The arrays of a result are nobody else's: they are handed over instead of copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const arrays = Object.values(result as object).filter((value) => ArrayBuffer.isView(value));
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}
