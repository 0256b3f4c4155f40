/**
 * The authors' code in a Python process that stays, so that its runs can take turns with ours.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Timing {
  readonly ms: number;
  /** Peak resident memory of the process, bytes. */
  readonly rss: number;
}

export interface Runner {
  run(seed: number): Promise<Timing>;
  stop(): Promise<void>;
}

/**
 * @param python a Python with PyTorch
 * @param script a file of this folder
 */
export async function startAuthors(python: string, script: string, args: readonly string[]): Promise<Runner> {
  const path = fileURLToPath(new URL(`../../test/bench/${script}`, import.meta.url));
  const child = spawn(python, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
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
