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
  return async (request, onEvent, signal) => {
    const description = await studio.describe(await studio.models.find(request.model), options, signal);
    let tokens = new Int32Array(0);
    const made = await studio.generate(completed(request, description), options, {
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

/** Tokens that were kept by a run which was stopped are fewer than a picture has: the rest is not kept. */
function completed(request: GenerationRequest, { tokensPerStep }: ModelDescription): GenerationRequest {
  const count = tokensPerStep.reduce((sum, tokens) => sum + tokens, 0);
  if (!request.kept || request.kept.tokens.length >= count) return request;
  const tokens = new Int32Array(count);
  const mask = new Uint8Array(count);
  tokens.set(request.kept.tokens);
  mask.set(request.kept.mask);
  return { ...request, kept: { tokens, mask } };
}
