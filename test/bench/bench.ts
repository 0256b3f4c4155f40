/**
 * Ratios on this machine, measured in one run with the contestants taking turns. Each bar is printed with its measurement; a
 * missed one makes the exit code 1. See README.md beside this file.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { startAuthors } from './authors.ts';
import { measureBatch } from './batch-bench.ts';
import { measureImport } from './import-bench.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { measurePictures } from './picture-bench.ts';
import { measurePrefixes } from './prefix-bench.ts';
import { measureQuality } from './quality-bench.ts';
import {
  writeRandomFlowAr,
  writeRandomKl,
  writeRandomTokenizer,
  writeRandomTransformer,
} from './random-checkpoints.ts';
import { Report } from './report.ts';
import { measureStarter } from './starter-bench.ts';

const MEGABYTE = 1e6;

async function main(options: BenchOptions): Promise<void> {
  const report = new Report();
  mkdirSync(options.work, { recursive: true });
  process.env.UNDERPAINT_HOME = join(options.work, 'home');
  try {
    if (options.only !== 'flowar') {
      const files = writeCheckpoints(options);
      await benchImport(options, files, report);
      await benchVar(options, files, report);
    }
    if (options.only !== 'var') await benchFlowAr(options, report);
    if (!options.only) {
      await measureStarter(options.work, report);
      await measureBatch(options.work, options.rounds, report);
      await measurePrefixes(options.rounds, report);
      await measureQuality(report);
    }
  } finally {
    if (!options.keep) rmSync(options.work, { recursive: true, force: true });
  }
  report.printVerdict();
  if (options.json) writeFileSync(options.json, JSON.stringify(report.values, null, 2));
  process.exitCode = report.missed > 0 ? 1 : 0;
}

interface Files {
  readonly transformer: string;
  readonly tokenizer: string;
}

function writeCheckpoints({ work, depth, channels }: BenchOptions): Files {
  const transformer = join(work, `var_d${depth}.pth`);
  const tokenizer = join(work, `vae_ch${channels}v4096z32.pth`);
  if (!existsSync(transformer)) writeRandomTransformer(transformer, depth);
  if (!existsSync(tokenizer)) writeRandomTokenizer(tokenizer, channels);
  return { transformer, tokenizer };
}

async function benchImport({ work }: BenchOptions, { transformer, tokenizer }: Files, report: Report): Promise<void> {
  const home = join(work, 'import-home');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const { ms, anonymousBytes, writtenBytes } = await measureImport(home, transformer, tokenizer);
  report.add('import, whole command', ms / 1000, 's', { below: 3 });
  if (anonymousBytes) report.add('import, memory beside the files', anonymousBytes / MEGABYTE, 'MB', { below: 300 });
  report.add('import, written', writtenBytes / MEGABYTE, 'MB', { below: 2 });
}

async function benchVar(options: BenchOptions, { transformer, tokenizer }: Files, report: Report): Promise<void> {
  const { authors, python, depth, channels, rounds } = options;
  const source = sourceOf([transformer, tokenizer], 33);
  const settings = { cfg: 4, top_k: 900, top_p: 0.95 };
  const args = [authors ?? '', transformer, tokenizer, `${depth}`, `${channels}`];
  const start = authors ? () => startAuthors(python, 'authors.py', args) : undefined;
  await measurePictures(
    'VAR',
    source,
    { settings, authors: start, rounds, bars: { fp32: 1.5, int8: 3, int4: undefined } },
    report,
  );
}

/** FlowAR-S as its authors sample it: 25 steps at every scale. */
async function benchFlowAr(options: BenchOptions, report: Report): Promise<void> {
  const { flowAuthors, python, rounds, work } = options;
  const [transformer, autoencoder] = [join(work, 'FlowAR-S.pth'), join(work, 'kl16.ckpt')];
  if (!existsSync(transformer)) writeRandomFlowAr(transformer);
  if (!existsSync(autoencoder)) writeRandomKl(autoencoder);
  const source = sourceOf([transformer, autoencoder], 17);
  const settings = { cfg: 4.3, guidance_high: 0.9, steps: 25, annealed: false, solver: 'euler' };
  const args = [flowAuthors ?? '', transformer, autoencoder];
  const start = flowAuthors ? () => startAuthors(python, 'authors-flowar.py', args) : undefined;
  await measurePictures(
    'FlowAR-S',
    source,
    { settings, authors: start, rounds, bars: { fp32: 1.5, int8: 2.5 } },
    report,
  );
}

/** @param inputs of the preview's map: channels of the latent, and one */
function sourceOf(files: readonly string[], inputs: number): ModelSource {
  return { id: 'bench', files, labels: [], defaults: {}, preview: new Array(inputs * 3).fill(0.01) };
}

await main(readOptions());
