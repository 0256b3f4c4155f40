/**
 * Makes a job's picture with the studio and keeps it in the library.
 */

import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { AreaFiles } from '../jobs/area-files.ts';
import type { RunJob } from '../jobs/job-queue.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { encodePlainPng } from '../jobs/png.ts';
import type { PictureLibrary } from '../library/picture-library.ts';
import type { ModelThumbnails } from '../models/thumbnails.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { createTogether } from './generate-together.ts';
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
  const generate = createTogether(studio, options);
  return async ({ request, origin, area, tokens: done }, onEvent, signal) => {
    const made = area
      ? await runAreaJob(studio, { request, task: await areas.read(area), done }, options, { onEvent, signal })
      : await generate({ request, done, alone: origin.live, onEvent, signal });
    if (area && origin.live) await areas.remove(area);
    return {
      image: made.image,
      tokens: unpackTokens(made.record.tokens),
      keep: async (previews: readonly RgbImage[]) => {
        const frames = await Promise.all(previews.map(encodePlainPng));
        // A picture is not lost because the cache cannot be written.
        await thumbnails.write(made.record.model.id, made.image).catch(() => {});
        const { id } = await library.add(made, { frames });
        if (area) await areas.remove(area);
        return id;
      },
    };
  };
}
