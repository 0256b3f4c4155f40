/**
 * Pictures in float32, in 8 bits, and by the authors' code: the contestants take turns.
 */
import type { ModelSource, RunReport } from '../../app/contracts/engine-api.ts';
import type { Settings } from '../../app/generation/request.ts';
import type { Runner } from './authors.ts';
import { type EngineRunner, startEngine } from './engine.ts';
import { median, psnr, type Report } from './report.ts';

const MEGABYTE = 1e6;

export interface PictureBench {
  readonly settings: Settings;
  /** Starts the authors' code; undefined leaves the comparison out. */
  readonly authors: (() => Promise<Runner>) | undefined;
  readonly rounds: number;
  /** How many times as fast as the authors' code ours has to be. */
  readonly bars: { readonly fp32: number; readonly int8: number };
}

export async function measurePictures(
  name: string,
  source: ModelSource,
  { settings, authors, rounds, bars }: PictureBench,
  report: Report,
): Promise<void> {
  const fp32 = startEngine(source, { precision: 'fp32', previews: 'linear' }, settings);
  const int8 = startEngine(source, { precision: 'int8', previews: 'linear' }, settings);
  const theirs = await authors?.();
  try {
    const turns = await takeTurns({ fp32, int8, authors: theirs }, rounds);
    reportTurns(name, turns, bars, report);
    const tokens = fp32.tokens();
    const [exact, quantized] = [await fp32.decode(tokens), await int8.decode(tokens)];
    const quality = psnr(exact.data, quantized.data);
    report.add(`${name}: int8 picture against fp32, same tokens`, quality, 'dB', { atLeast: 30 });
  } finally {
    await Promise.all([fp32.stop(), int8.stop(), theirs?.stop()]);
  }
}

interface Contestants {
  readonly fp32: EngineRunner;
  readonly int8: EngineRunner;
  readonly authors: Runner | undefined;
}

interface Turns {
  readonly fp32: RunReport[];
  readonly int8: RunReport[];
  /** Milliseconds. */
  readonly authors: number[];
  readonly authorsPeak: number;
}

/** One warm-up each, then rounds in which everybody has a turn. */
async function takeTurns({ fp32, int8, authors }: Contestants, rounds: number): Promise<Turns> {
  const turns: { fp32: RunReport[]; int8: RunReport[]; authors: number[] } = { fp32: [], int8: [], authors: [] };
  let authorsPeak = 0;
  for (let round = 0; round <= rounds; round++) {
    const [a, b, c] = [await fp32.run(round), await int8.run(round), await authors?.run(round)];
    authorsPeak = c?.rss ?? 0;
    if (round === 0) continue;
    turns.fp32.push(a);
    turns.int8.push(b);
    if (c) turns.authors.push(c.ms);
  }
  return { ...turns, authorsPeak };
}

function reportTurns(name: string, turns: Turns, bars: PictureBench['bars'], report: Report): void {
  const middle = (runs: readonly RunReport[], of: (run: RunReport) => number) => median(runs.map(of));
  const total = {
    fp32: middle(turns.fp32, ({ totalMs }) => totalMs),
    int8: middle(turns.int8, ({ totalMs }) => totalMs),
    authors: median(turns.authors),
  };
  const share = ({ firstPreviewMs, totalMs }: RunReport) => (100 * firstPreviewMs) / totalMs;
  report.add(`${name}: picture, fp32`, total.fp32 / 1000, 's');
  report.add(`${name}: picture, int8`, total.int8 / 1000, 's');
  report.add(`${name}: of it the decoder, fp32`, middle(turns.fp32, ({ decodeMs }) => decodeMs) / 1000, 's');
  report.add(`${name}: int8 over fp32`, total.fp32 / total.int8, '×');
  if (turns.authors.length > 0) {
    report.add(`${name}: picture, authors’ PyTorch`, total.authors / 1000, 's');
    report.add(`${name}: fp32 over the authors’`, total.authors / total.fp32, '×', { atLeast: bars.fp32 });
    report.add(`${name}: int8 over the authors’`, total.authors / total.int8, '×', { atLeast: bars.int8 });
    report.add(`${name}: peak memory, authors’`, turns.authorsPeak / MEGABYTE, 'MB');
  }
  for (const precision of ['fp32', 'int8'] as const) {
    report.add(`${name}: first preview, ${precision}, of the whole`, middle(turns[precision], share), '%', {
      below: 3,
    });
    const peak = Math.max(...turns[precision].map(({ peakRssBytes }) => peakRssBytes));
    report.add(`${name}: peak memory, ${precision}`, peak / MEGABYTE, 'MB');
  }
}
