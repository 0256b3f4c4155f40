/**
 * Makes a job's picture with the studio and keeps it in the library.
 */

import type { EngineOptions } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../../app/generation/request.ts';
import type { RunJob } from '../jobs/job-queue.ts';
import { encodePlainPng } from '../jobs/png.ts';
import type { PictureLibrary } from '../library/picture-library.ts';
import type { Studio } from '../studio.ts';

export function createJobRunner(studio: Studio, library: PictureLibrary, options: EngineOptions): RunJob {
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
        return (await library.add(made, { frames })).id;
      },
    };
  };
}

/** The request with the steps that are done taken over; what it took over anyway stays. */
export function resumed(
  request: GenerationRequest,
  done: Int32Array,
  { tokensPerStep, symbolsPerToken }: Pick<ModelDescription, 'tokensPerStep' | 'symbolsPerToken'>,
): GenerationRequest {
  if (done.length === 0) return request;
  const count = tokensPerStep.reduce((sum, step) => sum + step, 0);
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
