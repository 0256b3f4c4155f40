/**
 * Makes weights of another precision for a model, and shows what that changes: the same picture before and after, each by
 * an engine of its own, so that the memory of one does not count for the other.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { MeasuredPicture, OptimiseReport, WorkStage } from '../../app/contracts/models-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { psnr } from '../../app/imaging/psnr.ts';
import type { Model } from '../checkpoints/model-folder.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { listDerived } from './derived-weights-list.ts';
import type { OnWork } from './housekeeping.ts';

export interface Optimising {
  readonly dataFolder: string;
  /** A studio with an engine of its own. */
  openStudio(): Studio;
  readonly options: AskedOptions;
  readonly signal: AbortSignal;
  readonly onWork: OnWork;
}

/** The same for both pictures. */
const SEED = 7;
const LABEL = 207;

/** Throws what loading and painting throw, and `cancelled`. */
export async function optimiseModel(model: Model, precision: Precision, work: Optimising): Promise<OptimiseReport> {
  const on = model.card.name;
  let reached = 0;
  /** There are several sets of weights, each of which is done from 0 to 1. */
  const tell = (stage: WorkStage, share: number) => {
    reached = Math.max(reached, share);
    work.onWork({ stage, share: reached, on });
  };
  const before = await measure(model, 'fp32', { ...work, onWork: ({ share }) => tell('painting', share / 3) });
  const after = await measure(model, precision, {
    ...work,
    onWork: ({ stage, share }) => tell(stage, (stage === 'weights' ? 1 + share : 2 + share) / 3),
  });
  const files = new Set(model.source.files);
  const derived = (await listDerived(work.dataFolder)).filter(
    ({ kind, source }) => kind === precision && source !== undefined && files.has(source),
  );
  return {
    precision,
    before,
    after,
    psnr: psnr(before.image, after.image),
    size: derived.reduce((sum, { size }) => sum + size, 0),
  };
}

async function measure(
  model: Model,
  precision: Precision,
  { openStudio, options, signal, onWork }: Optimising,
): Promise<MeasuredPicture> {
  const studio = openStudio();
  try {
    const asked = { ...options, precision };
    const on = model.card.name;
    const complete = studio.optionsFor(model, asked);
    await studio.engine.call('prepare', [model.source, complete], {
      signal,
      onEvent: (share) => onWork({ stage: 'weights', share, on }),
    });
    const { classes } = await studio.describe(model, asked, signal);
    const label = classes > 0 ? Math.min(LABEL, classes - 1) : null;
    let image: RgbImage | undefined;
    const report = await studio.engine.call(
      'generate',
      [model.source, complete, { model: model.card.id, label, seed: SEED, settings: model.source.defaults }],
      {
        signal,
        onEvent: (event) => {
          if (event.type === 'image') image = event.image;
          else onWork({ stage: 'painting', share: event.progress, on });
        },
      },
    );
    return { image: image as RgbImage, seconds: report.totalMs / 1000, memory: report.peakRssBytes };
  } finally {
    await studio.dispose();
  }
}
