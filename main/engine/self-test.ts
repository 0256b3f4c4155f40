/**
 * Paints for a moment, to see whether a model works here.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { SelfTestReport } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../../app/generation/request.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { throwIfCancelled } from './serial-queue.ts';

/** ImageNet's golden retriever; models with fewer classes paint their last one. */
const LABEL = 207;
const SEED = 1;
const PROMPT = 'a lake in the mountains';

/** @param limitMs after which no further step is begun */
export async function selfTest(
  { pipeline, loadMs }: { readonly pipeline: Pipeline; readonly loadMs: number },
  limitMs: number,
  signal: AbortSignal,
): Promise<SelfTestReport> {
  const start = performance.now();
  let reached: Pick<SelfTestReport, 'image' | 'step' | 'steps'> | undefined;
  for await (const event of pipeline.generate(requestFor(pipeline.describe()), { signal, previews: 'linear' })) {
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

/** With all that a model needs to be asked for. */
function requestFor({ classes, words, controls, width, height }: ModelDescription): GenerationRequest {
  const [kind] = controls;
  return {
    model: '',
    label: classes > 0 ? Math.min(LABEL, classes - 1) : null,
    seed: SEED,
    settings: {},
    ...(words && { prompt: PROMPT }),
    ...(kind && { control: { kind, image: discMap(width, height) } }),
  };
}

/** A white disc on black: something that maps of all kinds can show. */
function discMap(width: number, height: number): RgbImage {
  const radius = Math.min(width, height) / 4;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.hypot(x - width / 2, y - height / 2) < radius)
        data.fill(255, 3 * (y * width + x), 3 * (y * width + x + 1));
    }
  }
  return { width, height, data };
}
