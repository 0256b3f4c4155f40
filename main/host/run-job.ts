/**
 * Makes a job's picture with the studio and keeps it in the library.
 */

import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../../app/generation/request.ts';
import { stepTokens } from '../../app/generation/step-tokens.ts';
import type { RunJob } from '../jobs/job-queue.ts';
import { encodePlainPng } from '../jobs/png.ts';
import type { PictureLibrary } from '../library/picture-library.ts';
import type { ModelThumbnails } from '../models/thumbnails.ts';
import type { AskedOptions, Studio } from '../studio.ts';

export interface JobParts {
  readonly studio: Studio;
  readonly library: PictureLibrary;
  /** The last picture of a model is what stands for it. */
  readonly thumbnails: ModelThumbnails;
  readonly options: AskedOptions;
}

export function createJobRunner({ studio, library, thumbnails, options }: JobParts): RunJob {
  return async (request, done, onEvent, signal) => {
    const description = await studio.describe(await studio.models.find(request.model), options, signal);
    let tokens = new Int32Array(0);
    const made = await studio.generate(resumed(request, done, description), options, {
      signal,
      onEvent: (event) => {
        if (event.type === 'image') tokens = Int32Array.from(event.tokens);
        onEvent(event);
      },
    });
    return {
      image: made.image,
      tokens,
      keep: async (previews: readonly RgbImage[]) => {
        const frames = await Promise.all(previews.map(encodePlainPng));
        // A picture is not lost because the cache cannot be written.
        await thumbnails.write(made.record.model.id, made.image).catch(() => {});
        return (await library.add(made, { frames })).id;
      },
    };
  };
}

/** The request with the steps that are done taken over; what it took over anyway stays. */
export function resumed(
  request: GenerationRequest,
  done: Int32Array,
  model: Pick<ModelDescription, 'tokensPerStep' | 'sizes' | 'shapes' | 'symbolsPerToken'>,
): GenerationRequest {
  if (done.length === 0) return request;
  const { symbolsPerToken } = model;
  const count = stepTokens(model, request).reduce((sum, step) => sum + step, 0);
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
