/**
 * Pictures in float32, with fewer bits, and by the authors' code: the contestants take turns.
 */
import type { ModelSource, Precision, RunReport } from '../../app/contracts/engine-api.ts';
import type { Settings } from '../../app/generation/request.ts';
import type { Runner } from './authors.ts';
import { type EngineRunner, startEngine } from './engine.ts';
import { median, psnr, type Report } from './report.ts';

const MEGABYTE = 1e6;

type Bars = Readonly<Partial<Record<Precision, number | undefined>>> & { readonly fp32: number };

export interface PictureBench {
  readonly settings: Settings;
  /** Starts the authors' code; undefined leaves the comparison out. */
  readonly authors: (() => Promise<Runner>) | undefined;
  readonly rounds: number;
  /** The precisions that take part, float32 first, and how many times as fast as the authors' code each has to be. */
  readonly bars: Bars;
}

export async function measurePictures(
  name: string,
  source: ModelSource,
  { settings, authors, rounds, bars }: PictureBench,
  report: Report,
): Promise<void> {
  const precisions = Object.keys(bars) as Precision[];
  const engines = precisions.map((precision) => startEngine(source, { precision, previews: 'linear' }, settings));
  const theirs = await authors?.();
  try {
    const turns = await takeTurns({ engines, authors: theirs }, rounds);
    reportTurns(name, precisions, turns, bars, report);
    const [exact, ...others] = engines as [EngineRunner, ...EngineRunner[]];
    const tokens = exact.tokens();
    const { data } = await exact.decode(tokens);
    for (const [i, engine] of others.entries()) {
      const quality = psnr(data, (await engine.decode(tokens)).data);
      const what = `${name}: ${precisions[i + 1]} picture against fp32, same tokens`;
      report.add(what, quality, 'dB', { atLeast: 30 });
    }
  } finally {
    await Promise.all([...engines.map((engine) => engine.stop()), theirs?.stop()]);
  }
}

interface Contestants {
  readonly engines: readonly EngineRunner[];
  readonly authors: Runner | undefined;
}

interface Turns {
  /** Of each engine, a report for each round. */
  readonly engines: readonly RunReport[][];
  /** Milliseconds. */
  readonly authors: number[];
  readonly authorsPeak: number;
}

/** One warm-up each, then rounds in which everybody has a turn. */
async function takeTurns({ engines, authors }: Contestants, rounds: number): Promise<Turns> {
  const turns = { engines: engines.map((): RunReport[] => []), authors: [] as number[] };
  let authorsPeak = 0;
  for (let round = 0; round <= rounds; round++) {
    for (const [i, engine] of engines.entries()) {
      const report = await engine.run(round);
      if (round > 0) turns.engines[i]?.push(report);
    }
    const theirs = await authors?.run(round);
    authorsPeak = theirs?.rss ?? 0;
    if (theirs && round > 0) turns.authors.push(theirs.ms);
  }
  return { ...turns, authorsPeak };
}

function reportTurns(
  name: string,
  precisions: readonly Precision[],
  turns: Turns,
  bars: PictureBench['bars'],
  report: Report,
): void {
  const authors = median(turns.authors);
  const exact = median((turns.engines[0] ?? []).map(({ totalMs }) => totalMs));
  for (const [i, precision] of precisions.entries()) {
    const runs = turns.engines[i] ?? [];
    const middle = (of: (run: RunReport) => number) => median(runs.map(of));
    const total = middle(({ totalMs }) => totalMs);
    report.add(`${name}: picture, ${precision}`, total / 1000, 's');
    if (i > 0) report.add(`${name}: ${precision} over fp32`, exact / total, '×');
    if (turns.authors.length > 0) {
      const bar = bars[precision];
      report.add(
        `${name}: ${precision} over the authors’`,
        authors / total,
        '×',
        bar === undefined ? undefined : { atLeast: bar },
      );
    }
    const first = middle(({ firstPreviewMs, totalMs }) => (100 * firstPreviewMs) / totalMs);
    report.add(`${name}: first preview, ${precision}, of the whole`, first, '%', { below: 3 });
    report.add(`${name}: of it the decoder, ${precision}`, middle(({ decodeMs }) => decodeMs) / 1000, 's');
    const peak = Math.max(...runs.map(({ peakRssBytes }) => peakRssBytes));
    report.add(`${name}: peak memory, ${precision}`, peak / MEGABYTE, 'MB');
  }
  if (turns.authors.length === 0) return;
  report.add(`${name}: picture, authors’ PyTorch`, authors / 1000, 's');
  report.add(`${name}: peak memory, authors’`, turns.authorsPeak / MEGABYTE, 'MB');
}
