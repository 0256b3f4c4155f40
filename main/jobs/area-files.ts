/**
 * The areas of jobs that are not done yet, each a PNG in a folder of its own: too large for the queue's log.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import type { JobArea } from '../../app/jobs/job.ts';
import { writeError, writeFileAtomic } from '../files/atomic-write.ts';
import { areaToPng, pngToArea } from '../tasks/area-record.ts';
import type { AreaTask } from '../tasks/picture-task.ts';

/** The quickest: the file lives as long as its job. */
const COMPRESSION = 1;
const ENDING = '.png';

export class AreaFiles {
  readonly #folder: string;

  /** @param folder need not exist yet */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws `unwritable` or `disk-full`. */
  async keep({ area, plan }: AreaTask): Promise<JobArea> {
    const file = newId();
    const png = await areaToPng(area, { onlyCovered: false, compression: COMPRESSION });
    await mkdir(this.#folder, { recursive: true }).catch((error: unknown) => {
      throw writeError(this.#folder, error);
    });
    await writeFileAtomic(this.#path(file), png);
    return { plan, file };
  }

  /** Throws `missing-file` when it is gone or damaged. */
  async read({ plan, file }: JobArea): Promise<AreaTask> {
    try {
      return { area: await pngToArea(await readFile(this.#path(file))), plan };
    } catch (cause) {
      throw new StudioError('missing-file', 'What this picture was to be painted over is not there any more.', {
        hint: 'Ask for the picture again.',
        cause,
      });
    }
  }

  async remove({ file }: JobArea): Promise<void> {
    await rm(this.#path(file), { force: true });
  }

  /** Removes what no job needs any more. */
  async sweep(needed: readonly JobArea[]): Promise<void> {
    const kept = new Set(needed.map(({ file }) => `${file}${ENDING}`));
    const files = await readdir(this.#folder).catch(() => []);
    for (const name of files) if (!kept.has(name)) await rm(join(this.#folder, name), { force: true });
  }

  #path(file: string): string {
    return join(this.#folder, `${file}${ENDING}`);
  }
}
