/**
 * Answers windows: the studio, its queue, its library and its paintings behind one contract.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../app/base/disposable.ts';
import { StudioError, toStudioError } from '../../app/base/errors.ts';
import type { Port } from '../../app/contracts/port.ts';
import type { Handlers } from '../../app/contracts/rpc.ts';
import { serve } from '../../app/contracts/rpc-server.ts';
import type { AskedArea, QueueCommand, StudioApi } from '../../app/contracts/studio-api.ts';
import { STUDIO_CONTRACT } from '../../app/contracts/studio-contract.ts';
import { unpackRuns } from '../../app/imaging/run-lengths.ts';
import { formatPlan, parsePlanText } from '../batch/plan-file.ts';
import { AreaFiles } from '../jobs/area-files.ts';
import { JobQueue } from '../jobs/job-queue.ts';
import { readQueueLog } from '../jobs/queue-log.ts';
import { PictureLibrary } from '../library/picture-library.ts';
import { SettingsFile } from '../library/settings-file.ts';
import { ModelManager } from '../models/model-manager.ts';
import { APP_VERSION, findPaths } from '../paths.ts';
import { type AskedOptions, type OpenStudioOptions, openStudio, type Studio } from '../studio.ts';
import type { AreaTask } from '../tasks/picture-task.ts';
import { BatchDesk } from './batch-desk.ts';
import { encodeImage, readImage, readImageFile } from './images.ts';
import { modelHandlers } from './models.ts';
import { Paintings } from './paintings.ts';
import { createJobRunner } from './run-job.ts';

export interface HostOptions {
  /** The data folder, for another one than the platform's. */
  readonly home?: string | undefined;
  readonly engine?: AskedOptions | undefined;
  readonly launcher?: OpenStudioOptions['launcher'];
  readonly reportBadMessage: (error: StudioError) => void;
}

export class StudioHost {
  readonly #studio: Studio;
  readonly #options: AskedOptions;
  readonly #queue: JobQueue;
  readonly #areas: AreaFiles;
  readonly #batch: BatchDesk;
  readonly #library: PictureLibrary;
  readonly #paintings: Paintings;
  readonly #manager: ModelManager;
  readonly #settings: SettingsFile;
  readonly #dataFolder: string;
  readonly #reportBadMessage: HostOptions['reportBadMessage'];
  readonly #connections = new Set<Disposable>();

  private constructor(parts: {
    studio: Studio;
    options: AskedOptions;
    manager: ModelManager;
    queue: JobQueue;
    areas: AreaFiles;
    batch: BatchDesk;
    library: PictureLibrary;
    dataFolder: string;
    reportBadMessage: HostOptions['reportBadMessage'];
  }) {
    this.#studio = parts.studio;
    this.#options = parts.options;
    this.#manager = parts.manager;
    this.#queue = parts.queue;
    this.#areas = parts.areas;
    this.#batch = parts.batch;
    this.#library = parts.library;
    this.#dataFolder = parts.dataFolder;
    this.#reportBadMessage = parts.reportBadMessage;
    this.#paintings = new Paintings(parts.dataFolder);
    this.#settings = new SettingsFile(join(parts.dataFolder, 'settings.json'));
  }

  /** Throws `unwritable` when the data folder cannot be made. */
  static async open({ home, engine, launcher, reportBadMessage }: HostOptions): Promise<StudioHost> {
    const dataFolder = findPaths(home).data;
    makeFolder(dataFolder);
    const studio = openStudio({ home, launcher });
    const options: AskedOptions = engine ?? {};
    const library = await PictureLibrary.open(dataFolder);
    const { log, jobs } = await readQueueLog(join(dataFolder, 'queue.json'));
    const manager = new ModelManager(studio, { home, launcher });
    const { thumbnails } = manager;
    const areas = new AreaFiles(join(dataFolder, 'areas'));
    await areas.sweep(jobs.flatMap(({ area }) => area ?? []));
    const queue = new JobQueue(createJobRunner({ studio, library, thumbnails, areas, options }), log, jobs);
    void manager.installs.resume().catch((error) => reportBadMessage(toStudioError(error)));
    const batch = await BatchDesk.open(studio, options, dataFolder);
    return new StudioHost({ studio, options, manager, queue, areas, batch, library, dataFolder, reportBadMessage });
  }

  /** Serves a window until its port closes or the result is disposed. */
  connect(port: Port): Disposable {
    const window = { jobs: new Set<string>(), paintings: new Set<string>() };
    const serving = serve(STUDIO_CONTRACT, this.#handlers(window), port, this.#reportBadMessage);
    this.#connections.add(serving);
    port.onClose(() => {
      this.#connections.delete(serving);
      for (const job of window.jobs) this.#queue.release(job);
      this.#paintings.close(window.paintings);
    });
    return serving;
  }

  /** Stops what runs, so that it can go on at the next start, and writes what is not yet written. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.dispose();
    await this.#queue.close();
    await this.#manager.installs.close();
    await this.#batch.stop();
    await this.#studio.dispose();
  }

  /** @param window gets the jobs that it asks for, and the paintings that it works on */
  #handlers(window: { jobs: Set<string>; paintings: Set<string> }): Handlers<StudioApi> {
    const studio = this.#studio;
    const options = this.#options;
    const open = async (id: string) => {
      const model = await studio.models.find(id);
      return [model.source, studio.optionsFor(model, options)] as const;
    };
    return {
      hello: async () => ({ version: APP_VERSION, platform: process.platform, dataFolder: this.#dataFolder }),
      models: async () =>
        (await studio.models.list()).map(({ license, problem, precision = 'fp32', ...model }) => {
          const { id, name, family, builtIn, size } = model;
          const used = options.precision ?? precision;
          return {
            id,
            name,
            family,
            builtIn,
            size,
            precision: used,
            license: license ?? null,
            problem: problem ?? null,
          };
        }),
      describe: async ({ signal }, model) => studio.describe(await studio.models.find(model), options, signal),

      // Frames that a window is too slow for are left out; what it must know is not.
      watchQueue: ({ signal, emit }) =>
        untilAborted(signal, () => this.#queue.watch((event) => emit(event, { latest: event.type === 'jobs' }))),
      enqueue: async (_, request, origin, title, asked) => {
        const area = asked ? await this.#areas.keep(taskOf(asked)) : undefined;
        const job = this.#queue.add(request, origin, title, area);
        window.jobs.add(job);
        return job;
      },
      queueCommand: async (_, command) => this.#obey(command),

      decode: async ({ signal }, model, tokens, steps) =>
        studio.engine.call('decode', [...(await open(model)), tokens, steps], { signal }),
      encode: async ({ signal }, model, image) =>
        studio.engine.call('encode', [...(await open(model)), image], { signal }),
      alternatives: async ({ signal }, request, place) =>
        studio.engine.call('alternatives', [...(await open(request.model)), request, place], { signal }),

      listPictures: async (_, query) => this.#library.list(query),
      boards: async () => this.#library.boards().map(({ name }) => name),
      thumbnail: async (_, picture) => this.#library.thumbnail(picture),
      openPicture: async (_, picture) => readImageFile(this.#library.file(picture)),
      changePicture: async (_, picture, { starred, board }) => {
        if (starred !== undefined) this.#library.star(picture, starred);
        if (board !== undefined) this.#library.setBoard(picture, board);
        return null;
      },
      removePicture: async (_, picture) => {
        await this.#library.remove(picture);
        return null;
      },

      readImage: (_, bytes) => readImage(bytes),
      readImageFile: (_, path) => readImageFile(path),
      encodeImage: (_, image, format, quality) => encodeImage(image, format, quality),

      ...modelHandlers(this.#manager, options),
      readPlan: async (_, name, text) => parsePlanText(text, name),
      formatPlan: async (_, plan) => formatPlan(plan),
      countBatch: ({ signal }, order) => this.#batch.count(order, signal),
      forecastBatch: ({ signal }, order) => this.#batch.forecast(order, signal),
      startBatch: async (_, order) => {
        await this.#batch.start(order);
        return null;
      },
      stopBatch: async () => {
        await this.#batch.stop();
        return null;
      },
      watchBatch: ({ signal, emit }) =>
        untilAborted(signal, () => this.#batch.watch((state) => emit(state, { latest: true }))),

      ...this.#paintings.handlers(window.paintings),
      settings: async () => this.#settings.read(),
      changeSettings: (_, change) => this.#settings.update(change),
    };
  }

  #obey(command: QueueCommand): null {
    const queue = this.#queue;
    if (command.type === 'pauseQueue') queue.setPaused(command.paused);
    else if (command.type === 'move') queue.move(command.job, command.to);
    else if (command.type === 'edit') queue.edit(command.job, command.request, command.title);
    else queue[command.type](command.job);
    return null;
  }
}

function taskOf({ image, cover, plan }: AskedArea): AreaTask {
  return { area: { image, cover: unpackRuns(cover) }, plan };
}

/** Watches until the signal is aborted. */
function untilAborted(signal: AbortSignal, watch: () => Disposable): Promise<null> {
  return new Promise((resolve) => {
    const watching = watch();
    const stop = () => {
      watching.dispose();
      resolve(null);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StudioError('unwritable', `The data folder cannot be made: ${folder}`, {
      hint: 'Choose another one with the variable UNDERPAINT_HOME.',
      cause,
    });
  }
}
