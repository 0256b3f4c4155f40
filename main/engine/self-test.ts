/**
 * Paints for a moment, to see whether a model works here.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { SelfTestReport } from '../../app/contracts/engine-api.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { throwIfCancelled } from './serial-queue.ts';

/** ImageNet's golden retriever; models with fewer classes paint their last one. */
const LABEL = 207;
const SEED = 1;

/** @param limitMs after which no further step is begun */
export async function selfTest(
  { pipeline, loadMs }: { readonly pipeline: Pipeline; readonly loadMs: number },
  limitMs: number,
  signal: AbortSignal,
): Promise<SelfTestReport> {
  const start = performance.now();
  const { classes } = pipeline.describe();
  const label = classes > 0 ? Math.min(LABEL, classes - 1) : null;
  let reached: Pick<SelfTestReport, 'image' | 'step' | 'steps'> | undefined;
  for await (const event of pipeline.generate(
    { model: '', label, seed: SEED, settings: {} },
    { signal, previews: 'linear' },
  )) {
    if (event.type === 'preview') continue;
    if (event.type === 'image') reached = { image: event.image, step: reached?.steps ?? 1, steps: reached?.steps ?? 1 };
    else reached = { image: event.preview, step: event.step + 1, steps: event.steps };
    await nextTurn();
    throwIfCancelled(signal);
    if (performance.now() - start > limitMs) break;
  }
  if (!reached) throw new StudioError('internal', 'The model painted nothing.');
  return { ...reached, loadMs, totalMs: performance.now() - start };
}
