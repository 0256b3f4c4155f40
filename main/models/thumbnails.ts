/**
 * A small picture for each model, in the cache of the data folder: models may lie where nothing can be written.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isModelId } from '../../app/catalog/model-card.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { thumbnailOfImage } from '../library/thumbnail.ts';

export class ModelThumbnails {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'cache', 'thumbnails');
  }

  /** A PNG, or null when there is none. */
  async read(model: string): Promise<Uint8Array | null> {
    const path = this.#pathOf(model);
    return path === undefined
      ? null
      : readFile(path).then(
          (bytes) => new Uint8Array(bytes),
          () => null,
        );
  }

  async write(model: string, image: RgbImage): Promise<void> {
    const path = this.#pathOf(model);
    if (path === undefined) return;
    await mkdir(this.#folder, { recursive: true });
    await writeFileAtomic(path, await thumbnailOfImage(image));
  }

  async remove(model: string): Promise<void> {
    const path = this.#pathOf(model);
    if (path !== undefined) await rm(path, { force: true });
  }

  /** A model that is known by its folder alone has no name for a file. */
  #pathOf(model: string): string | undefined {
    return isModelId(model) ? join(this.#folder, `${model}.png`) : undefined;
  }
}
