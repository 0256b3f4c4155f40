/**
 * The authors' code in a Python process that stays, so that its runs can take turns with ours.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './options.ts';

export interface Timing {
  readonly ms: number;
  /** Peak resident memory of the process, bytes. */
  readonly rss: number;
}

export interface Runner {
  run(seed: number): Promise<Timing>;
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('../../test/bench/authors.py', import.meta.url));

export async function startAuthors(options: BenchOptions, transformer: string, tokenizer: string): Promise<Runner> {
  const args = [SCRIPT, options.authors as string, transformer, tokenizer, `${options.depth}`, `${options.channels}`];
  const child = spawn(options.python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The authors’ code stopped; its message is above.');
    return value.startsWith('{') ? JSON.parse(value) : answer();
  };
  await answer();
  return {
    async run(seed) {
      child.stdin.write(`${seed}\n`);
      const { ms, rss } = await answer();
      return { ms: Number(ms), rss: Number(rss) };
    },
    async stop() {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
