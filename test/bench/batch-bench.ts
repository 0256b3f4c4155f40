/**
 * Pictures of the starter in a batch, as many engines as there are processors, against the same pictures one by one in one engine,
 * PNG files included.
 */
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '../../app/contracts/engine-api.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { openBatch } from '../../main/batch/open-batch.ts';
import { writePicture } from '../../main/jobs/write-picture.ts';
import { openStudio, type Studio } from '../../main/studio.ts';
import { median, type Report } from './report.ts';

const PICTURES = 32;
/** Enough for every engine to be started. */
const WARM_UP = 4;
const OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };
/** Of the clock that /proc counts in. */
const TICKS_PER_SECOND = 100;

export async function measureBatch(work: string, rounds: number, report: Report): Promise<void> {
  const studio = openStudio();
  const model = (await studio.models.find(undefined)).folder;
  const requests = Array.from({ length: PICTURES }, (_, seed) => ({ model, label: seed % 20, seed, settings: {} }));
  const out = (seed: number) => join(work, `single-${seed}.png`);
  try {
    await makeSingly(studio, requests.slice(0, 1), out);
    await makeBatch(studio, requests.slice(0, WARM_UP), join(work, 'batch'));
    const ratios: number[] = [];
    const busy: number[] = [];
    const effort: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const single = await measured(() => makeSingly(studio, requests, out));
      const batch = await measured(() => makeBatch(studio, requests, join(work, 'batch')));
      ratios.push(single.seconds / batch.seconds);
      busy.push(batch.busy);
      effort.push((single.busy * single.seconds) / (batch.busy * batch.seconds));
    }
    report.add(`${PICTURES} starter pictures, batch over singles`, median(ratios), '×', { atLeast: 1.5 });
    report.add('processor time of a single over that in a batch', median(effort), '×');
    report.add('processors busy in the batch', 100 * median(busy), '%', { atLeast: 90 });
  } finally {
    await studio.dispose();
  }
}

async function makeSingly(studio: Studio, requests: readonly GenerationRequest[], out: (seed: number) => string) {
  for (const request of requests) await writePicture(out(request.seed), await studio.generate(request, OPTIONS));
}

/** As `underpaint batch` does it, its journal included. */
async function makeBatch(studio: Studio, requests: readonly GenerationRequest[], out: string) {
  rmSync(out, { recursive: true, force: true });
  const entries = requests.map(({ label, seed }) => ({ label: label ?? 0, seed }));
  const batch = await openBatch(studio, { entries }, { out, engine: OPTIONS });
  const { made } = await batch.run();
  if (made !== requests.length) throw new Error(`${made} of ${requests.length} pictures were made.`);
}

/** @returns the share of all processors that this process and its children had, too; NaN off Linux */
async function measured(work: () => Promise<void>): Promise<{ seconds: number; busy: number }> {
  const [start, before] = [performance.now(), processorSeconds('self')];
  await work();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, busy: (processorSeconds('self') - before) / seconds / availableParallelism() };
}

function processorSeconds(pid: string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    const thread = pid === 'self' ? process.pid : pid;
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + processorSeconds(child), own);
  } catch {
    return Number.NaN;
  }
}
