/**
 * The flags of the benchmark.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** A checkout of FoundationVision/VAR, to be compared with; undefined leaves the comparison out. */
  readonly authors: string | undefined;
  /** A checkout of wangqiang9/FlowAR, likewise. */
  readonly flowAuthors: string | undefined;
  /** A Python with PyTorch, for the authors' code. */
  readonly python: string;
  /** `var` or `flowar`: measures this part alone. */
  readonly only: string | undefined;
  readonly depth: number;
  readonly channels: number;
  readonly rounds: number;
  /** Where checkpoints are written; kept when it was named. */
  readonly work: string;
  readonly keep: boolean;
  /** File for all numbers. */
  readonly json: string | undefined;
}

export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      authors: { type: 'string' },
      'flow-authors': { type: 'string' },
      only: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      depth: { type: 'string', default: '16' },
      'vae-channels': { type: 'string', default: '160' },
      rounds: { type: 'string', default: '3' },
      work: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    authors: values.authors && resolve(values.authors),
    flowAuthors: values['flow-authors'] && resolve(values['flow-authors']),
    only: values.only,
    python: values.python,
    depth: Number(values.depth),
    channels: Number(values['vae-channels']),
    rounds: Number(values.rounds),
    work: values.work ? resolve(values.work) : mkdtempSync(join(tmpdir(), 'underpaint-bench-')),
    keep: values.work !== undefined,
    json: values.json,
  };
}
