/**
 * The embedded starter: a whole command, and its previews.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLI_ENTRY } from '../../main/cli/build.mjs';
import { findPaths } from '../../main/paths.ts';
import { median, type Report } from './report.ts';

const RUNS = 3;

export function measureStarter(work: string, report: Report): void {
  if (!existsSync(join(findPaths().starter, 'var', 'transformer.safetensors'))) {
    console.log('The starter model is not here: its times are left out.');
    return;
  }
  const out = join(work, 'starter.png');
  const wholes: number[] = [];
  const runs = { linear: [] as number[], decoded: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    runs.linear.push(generate(out, run, 'linear'));
    wholes.push(performance.now() - start);
    runs.decoded.push(generate(out, run, 'decoded'));
  }
  report.add('starter, whole command', median(wholes) / 1000, 's', { below: 5 });
  report.add('starter, picture with linear previews', median(runs.linear) / 1000, 's');
  report.add('starter, picture with decoded previews', median(runs.decoded) / 1000, 's');
}

/** Milliseconds of the picture alone, as the command reports them. */
function generate(out: string, seed: number, previews: 'linear' | 'decoded'): number {
  const args = [
    CLI_ENTRY,
    'generate',
    '--label',
    '0',
    '--seed',
    `${seed}`,
    '--out',
    out,
    '--previews',
    previews,
    '--json',
  ];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const events = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return Number(events.find((event) => event.type === 'picture')?.totalMs);
}
