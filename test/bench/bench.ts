/**
 * Ratios on this machine, measured in one run with the contestants taking turns. Each bar is printed with its measurement; a
 * missed one makes the exit code 1. See README.md beside this file.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { type Runner, startAuthors } from './authors.ts';
import { measureBatch } from './batch-bench.ts';
import { type EngineRunner, startEngine } from './engine.ts';
import { measureImport } from './import-bench.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { measureQuality } from './quality-bench.ts';
import { writeRandomTokenizer, writeRandomTransformer } from './random-checkpoints.ts';
import { median, psnr, Report } from './report.ts';
import { measureStarter } from './starter-bench.ts';

const MEGABYTE = 1e6;

async function main(options: BenchOptions): Promise<void> {
  const report = new Report();
  const files = writeCheckpoints(options);
  process.env.UNDERPAINT_HOME = join(options.work, 'home');
  try {
    await benchImport(options, files, report);
    await benchPictures(options, files, report);
    await measureStarter(options.work, report);
    await measureBatch(options.work, options.rounds, report);
    await measureQuality(report);
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
  mkdirSync(work, { recursive: true });
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

async function benchPictures(options: BenchOptions, { transformer, tokenizer }: Files, report: Report): Promise<void> {
  const source: ModelSource = {
    id: 'bench',
    files: [transformer, tokenizer],
    labels: [],
    defaults: {},
    preview: new Array(33 * 3).fill(0.01),
  };
  const fp32 = startEngine(source, { precision: 'fp32', previews: 'linear' });
  const int8 = startEngine(source, { precision: 'int8', previews: 'linear' });
  const int4 = startEngine(source, { precision: 'int4', previews: 'linear' });
  const authors = options.authors ? await startAuthors(options, transformer, tokenizer) : undefined;
  try {
    await measureTurns({ fp32, int8, int4, authors }, options.rounds, report);
    const tokens = fp32.tokens();
    const [exact, quantized] = [await fp32.decode(tokens), await int8.decode(tokens)];
    report.add('int8 picture against fp32, same tokens', psnr(exact.data, quantized.data), 'dB', { atLeast: 30 });
  } finally {
    await Promise.all([fp32.stop(), int8.stop(), int4.stop(), authors?.stop()]);
  }
}

interface Contestants {
  readonly fp32: EngineRunner;
  readonly int8: EngineRunner;
  readonly int4: EngineRunner;
  readonly authors: Runner | undefined;
}

/** One warm-up each, then rounds in which everybody has a turn. */
async function measureTurns({ fp32, int8, int4, authors }: Contestants, rounds: number, report: Report): Promise<void> {
  const times = { fp32: [] as number[], int8: [] as number[], int4: [] as number[], authors: [] as number[] };
  const firsts = { fp32: [] as number[], int8: [] as number[] };
  const decodes: number[] = [];
  const peaks = { fp32: 0, int8: 0, int4: 0, authors: 0 };
  for (let round = 0; round <= rounds; round++) {
    const [a, b, c] = [await fp32.run(round), await int8.run(round), await authors?.run(round)];
    const d = await int4.run(round);
    peaks.int4 = d.peakRssBytes;
    peaks.fp32 = a.peakRssBytes;
    peaks.int8 = b.peakRssBytes;
    peaks.authors = c?.rss ?? 0;
    if (round === 0) continue;
    times.fp32.push(a.totalMs);
    times.int8.push(b.totalMs);
    times.int4.push(d.totalMs);
    if (c) times.authors.push(c.ms);
    firsts.fp32.push((100 * a.firstPreviewMs) / a.totalMs);
    firsts.int8.push((100 * b.firstPreviewMs) / b.totalMs);
    decodes.push(a.decodeMs);
  }
  report.add('picture, fp32', median(times.fp32) / 1000, 's');
  report.add('picture, int8', median(times.int8) / 1000, 's');
  report.add('of it the decoder, fp32', median(decodes) / 1000, 's');
  report.add('picture, int4', median(times.int4) / 1000, 's');
  report.add('int8 over fp32', median(times.fp32) / median(times.int8), '×');
  if (authors) {
    report.add('picture, authors’ PyTorch', median(times.authors) / 1000, 's');
    report.add('fp32 over the authors’', median(times.authors) / median(times.fp32), '×', { atLeast: 1.5 });
    report.add('int8 over the authors’', median(times.authors) / median(times.int8), '×', { atLeast: 3 });
    report.add('peak memory, authors’', peaks.authors / MEGABYTE, 'MB');
  }
  report.add('first preview, fp32, of the whole', median(firsts.fp32), '%', { below: 3 });
  report.add('first preview, int8, of the whole', median(firsts.int8), '%', { below: 3 });
  report.add('peak memory, fp32', peaks.fp32 / MEGABYTE, 'MB');
  report.add('peak memory, int8', peaks.int8 / MEGABYTE, 'MB');
  report.add('peak memory, int4', peaks.int4 / MEGABYTE, 'MB');
}

await main(readOptions());
