/**
 * Makes a job's picture with the studio and keeps it in the library.
 */

import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { RunJob } from '../jobs/job-queue.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { encodePlainPng } from '../jobs/png.ts';
import type { PictureLibrary } from '../library/picture-library.ts';
import type { ModelThumbnails } from '../models/thumbnails.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { createTogether } from './generate-together.ts';

export interface JobParts {
  readonly studio: Studio;
  readonly library: PictureLibrary;
  /** The last picture of a model is what stands for it. */
  readonly thumbnails: ModelThumbnails;
  readonly options: AskedOptions;
}

export function createJobRunner({ studio, library, thumbnails, options }: JobParts): RunJob {
  const generate = createTogether(studio, options);
  return async ({ request, origin, tokens: done }, onEvent, signal) => {
    const made = await generate({ request, done, alone: origin.live, onEvent, signal });
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
