/**
 * Makes a job's picture with the studio and keeps it in the library.
 */

import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../../app/generation/request.ts';
import { stepTokens } from '../../app/generation/step-tokens.ts';
import type { MadePicture } from '../generate-pictures.ts';
import type { AreaFiles } from '../jobs/area-files.ts';
import type { RunJob } from '../jobs/job-queue.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { encodePlainPng } from '../jobs/png.ts';
import type { PictureLibrary } from '../library/picture-library.ts';
import type { ModelThumbnails } from '../models/thumbnails.ts';
import type { AskedOptions, GenerateCall, Studio } from '../studio.ts';
import { runAreaJob } from './run-area-job.ts';

export interface JobParts {
  readonly studio: Studio;
  readonly library: PictureLibrary;
  /** The last picture of a model is what stands for it. */
  readonly thumbnails: ModelThumbnails;
  readonly areas: AreaFiles;
  readonly options: AskedOptions;
}

export function createJobRunner({ studio, library, thumbnails, areas, options }: JobParts): RunJob {
  return async ({ request, area, tokens: done }, onEvent, signal) => {
    const call = { onEvent, signal };
    const made = area
      ? await runAreaJob(studio, { request, task: await areas.read(area), done }, options, call)
      : await runJob(studio, request, done, options, call);
    if (area) await areas.remove(area);
    return {
      image: made.image,
      tokens: unpackTokens(made.record.tokens),
      keep: async (previews: readonly RgbImage[]) => {
        const frames = await Promise.all(previews.map(encodePlainPng));
        // A picture is not lost because the cache cannot be written.
        await thumbnails.write(made.record.model.id, made.image).catch(() => {});
        return (await library.add(made, { frames })).id;
      },
    };
  };
}

async function runJob(
  studio: Studio,
  request: GenerationRequest,
  done: Int32Array,
  options: AskedOptions,
  call: GenerateCall,
): Promise<MadePicture> {
  const model = await studio.models.find(request.model);
  const description = await studio.describe(model, options, call.signal);
  return studio.generate(resumed(request, done, description), options, call);
}

/** The request with the steps that are done taken over; what it took over anyway stays. */
export function resumed(
  request: GenerationRequest,
  done: Int32Array,
  model: Pick<ModelDescription, 'tokensPerStep' | 'sizes' | 'symbolsPerToken'>,
): GenerationRequest {
  if (done.length === 0) return request;
  const { symbolsPerToken } = model;
  const count = stepTokens(model, request.control).reduce((sum, step) => sum + step, 0);
  const tokens = new Int32Array(count * symbolsPerToken);
  const mask = new Uint8Array(count);
  if (request.kept) {
    tokens.set(request.kept.tokens);
    mask.set(request.kept.mask);
  }
  tokens.set(done);
  mask.fill(1, 0, done.length / symbolsPerToken);
  return { ...request, kept: { tokens, mask } };
}
