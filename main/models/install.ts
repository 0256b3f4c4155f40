/**
 * One model on its way: its files are downloaded, several at once, and become a model.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { cancelled, isCancelled, type SerializedError, StudioError, serializeError } from '../../app/base/errors.ts';
import type { InstallFile, InstallState, Install as InstallView } from '../../app/contracts/models-api.ts';
import { downloadFile, type RemoteFile } from '../downloads/download-file.ts';
import { findOnHub } from '../downloads/hub.ts';
import { partSize, removePart } from '../downloads/part-file.ts';
import { PATIENT, type RetryPolicy, retry } from '../downloads/retry-policy.ts';
import type { Slots } from '../downloads/slots.ts';
import { TransferRate } from '../downloads/transfer-rate.ts';
import { takeLock } from '../files/file-lock.ts';
import { requireSpace } from '../files/free-space.ts';
import { hashFile } from '../files/hash-file.ts';
import { fileSize, placeOf } from './file-places.ts';
import { type InstallRecord, installLockPath, type WantedFile, writeRecord } from './install-record.ts';

/** What an install needs of the world. */
export interface InstallWorld {
  readonly modelsFolder: string;
  readonly slots: Slots;
  readonly policy?: RetryPolicy | undefined;
  /** Address of the hub and the person's token for it. */
  hub(): Promise<{ readonly endpoint: string; readonly token: string | undefined }>;
  /** Makes files that are all there a model; returns a file that is still missing instead, if one is. */
  finish(record: InstallRecord, files: readonly DownloadedFile[], signal: AbortSignal): Promise<WantedFile | undefined>;
  /** Told of every change. */
  changed(): void;
}

export interface DownloadedFile {
  readonly path: string;
  readonly sha256: string;
}

interface Progress {
  done: number;
  total: number | null;
  stage: 'waiting' | 'downloading' | 'verifying';
}

export class Install {
  readonly #world: InstallWorld;
  #record: InstallRecord;
  readonly #progress = new Map<string, Progress>();
  readonly #rate = new TransferRate();
  #state: InstallState;
  #note: string | null = null;
  #error: SerializedError | null = null;
  #abort: AbortController | undefined;
  #running: Promise<boolean> | undefined;

  constructor(record: InstallRecord, world: InstallWorld) {
    this.#record = record;
    this.#world = world;
    this.#state = record.paused ? 'paused' : 'waiting';
  }

  get id(): string {
    return this.#record.id;
  }

  get record(): InstallRecord {
    return this.#record;
  }

  get view(): InstallView {
    const { id, name, files } = this.#record;
    const shown = files.map((file): InstallFile => {
      const { done, total } = this.#progress.get(file.name) ?? { done: 0, total: null };
      return { name: file.name, done, total: total ?? (file.size || null) };
    });
    const rate = this.#state === 'downloading' ? this.#rate.perSecond() : 0;
    const left = shown.reduce((sum, { done, total }) => sum + Math.max(0, (total ?? done) - done), 0);
    return {
      id,
      name,
      state: this.#state,
      files: shown,
      rate,
      leftSeconds: rate > 0 ? left / rate : null,
      note: this.#note,
      error: this.#error,
    };
  }

  /** Looks at what has come already. */
  async look(): Promise<void> {
    for (const file of this.#record.files) {
      const target = placeOf(this.#world.modelsFolder, file);
      const done = (await fileSize(target)) || (await partSize(target));
      this.#progress.set(file.name, { done, total: file.size || null, stage: 'waiting' });
    }
  }

  /** Runs until the model is there (true), or it is paused, fails or is done elsewhere (false). Never throws. */
  run(): Promise<boolean> {
    this.#running ??= this.#runOnce().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** What it failed with last, or undefined. */
  get error(): SerializedError | undefined {
    return this.#error ?? undefined;
  }

  /** Stops it. @param forGood whether it waits for the person, or goes on at the next start */
  async stop(forGood: boolean): Promise<void> {
    this.#abort?.abort();
    await this.#running;
    if (!forGood) return;
    this.#set('paused');
    await this.#save({ paused: true });
  }

  /** Takes away what has come of files that nobody else wants. */
  async discard(isWanted: (path: string) => boolean): Promise<void> {
    await this.stop(false);
    for (const file of this.#record.files) {
      const target = placeOf(this.#world.modelsFolder, file);
      if (!isWanted(target)) await removePart(target);
    }
  }

  async #runOnce(): Promise<boolean> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#error = null;
    this.#set('waiting');
    try {
      const lock = await takeLock(
        installLockPath(this.#world.modelsFolder, this.id),
        `The install of ${this.#record.name}`,
      );
      try {
        if (this.#record.paused) await this.#save({ paused: false });
        await this.#work(abort.signal);
      } finally {
        await lock.release();
      }
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    const isStopped = isCancelled(error);
    const isElsewhere = error instanceof StudioError && error.code === 'in-use';
    this.#error = isStopped || isElsewhere ? null : serializeError(error);
    this.#set(isStopped ? 'paused' : isElsewhere ? 'elsewhere' : 'failed');
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (;;) {
      const remotes = await this.#findAll(signal);
      await this.#requireSpace();
      const files = await allOrStop(signal, (stop) =>
        this.#record.files.map((file, at) => this.#fetch(file, remotes[at] as RemoteFile, stop)),
      );
      this.#set('preparing');
      const missing = await this.#world.finish(this.#record, files, signal);
      if (!missing) return;
      await this.#save({ files: [...this.#record.files, missing] });
    }
  }

  /** Learns sizes and hashes, and keeps them. */
  async #findAll(signal: AbortSignal): Promise<RemoteFile[]> {
    const { endpoint, token } = await this.#world.hub();
    const remotes = await Promise.all(
      this.#record.files.map(({ at, sha256, learnt }) =>
        'url' in at
          ? { url: at.url, sha256 }
          : this.#patiently(signal, async () => {
              const found = await findOnHub(at, { endpoint, token });
              if (sha256 !== undefined && !learnt && found.sha256 !== undefined && found.sha256 !== sha256)
                throw changed(at.path);
              return { ...found, sha256: learnt ? found.sha256 : (sha256 ?? found.sha256) };
            }),
      ),
    );
    for (const [at, file] of this.#record.files.entries()) {
      const { sha256 } = remotes[at] as RemoteFile;
      // What has come is of another file than what is there now.
      if (file.learnt && file.sha256 !== sha256) await removePart(placeOf(this.#world.modelsFolder, file));
    }
    const files = this.#record.files.map((file, at) => {
      const { size, sha256 } = remotes[at] as RemoteFile;
      const learnt = file.learnt || (file.sha256 === undefined && sha256 !== undefined);
      return { ...file, size: size ?? file.size, sha256, ...(learnt && { learnt }) };
    });
    await this.#save({ files });
    return remotes;
  }

  #patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return retry(work, {
      policy: this.#world.policy ?? PATIENT,
      signal,
      progress: () => 0,
      onWaiting: ({ message }) => this.#set('waiting', message),
    });
  }

  async #requireSpace(): Promise<void> {
    await this.look();
    const missing = [...this.#progress.values()].reduce(
      (sum, { done, total }) => sum + Math.max(0, (total ?? done) - done),
      0,
    );
    await requireSpace(this.#world.modelsFolder, missing);
  }

  async #fetch(file: WantedFile, remote: RemoteFile, signal: AbortSignal): Promise<DownloadedFile> {
    const target = placeOf(this.#world.modelsFolder, file);
    const progress: Progress = { done: 0, total: file.size || null, stage: 'waiting' };
    this.#progress.set(file.name, progress);
    await this.#world.slots.run(signal, () =>
      downloadFile(remote, target, {
        signal,
        policy: this.#world.policy,
        onStage: (stage) => {
          if (stage.type === 'waiting') return this.#follow(progress, 'waiting', stage.done, stage.reason);
          progress.total = stage.total ?? progress.total;
          this.#follow(progress, stage.type, stage.type === 'downloading' ? stage.done : (stage.total ?? stage.done));
        },
      }),
    );
    const { size } = await stat(target);
    progress.total = size;
    this.#follow(progress, 'verifying', size);
    // Nobody published its hash: what has come is what it is compared with from now on.
    return { path: target, sha256: remote.sha256 ?? (await hashFile(target, { signal })) };
  }

  #follow(progress: Progress, stage: Progress['stage'], done: number, reason: string | null = null): void {
    progress.stage = stage;
    progress.done = done;
    const all = [...this.#progress.values()];
    this.#rate.add(all.reduce((sum, one) => sum + one.done, 0));
    const most = ['downloading', 'waiting', 'verifying'] as const;
    this.#set(most.find((one) => all.some((each) => each.stage === one)) ?? 'waiting', reason);
  }

  #set(state: InstallState, note: string | null = null): void {
    this.#state = state;
    this.#note = note;
    this.#world.changed();
  }

  async #save(change: Partial<InstallRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await writeRecord(this.#world.modelsFolder, this.#record);
  }
}

/** Waits for all, and stops the others when one fails. */
async function allOrStop<T>(signal: AbortSignal, begin: (signal: AbortSignal) => Promise<T>[]): Promise<T[]> {
  const others = new AbortController();
  const works = begin(AbortSignal.any([signal, others.signal]));
  try {
    return await Promise.all(works);
  } catch (error) {
    others.abort();
    await Promise.allSettled(works);
    throw signal.aborted ? cancelled() : error;
  }
}

function changed(path: string): StudioError {
  return new StudioError('corrupt-download', `${basename(path)} on the hub is not the file that Underpaint knows.`, {
    hint: 'Its publisher may have replaced it: look at its page, download it from there and import it.',
    detail: dirname(path),
  });
}
