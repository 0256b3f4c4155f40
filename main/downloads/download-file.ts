/**
 * Downloads one file: goes on where it was cut off, waits for lost networks and busy servers, and gives the file its name
 * only when its size and its SHA-256 are right.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { cancelled, StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import { takeLock } from '../files/file-lock.ts';
import { requireSpace } from '../files/free-space.ts';
import { hashFile } from '../files/hash-file.ts';
import { fetchRange, type RangeAnswer } from './fetch-range.ts';
import { PartFile, partPath, removePart } from './part-file.ts';
import { PassingProblem } from './passing-problem.ts';
import { PATIENT, type RetryPolicy, retry } from './retry-policy.ts';

/** Where a file is to be had, and what is known of it. */
export interface RemoteFile {
  readonly url: string;
  /** Value of the `Authorization` header, for the address's own server only. */
  readonly authorization?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  /** 64 hex digits. */
  readonly sha256?: string | undefined;
}

export type DownloadStage =
  | { readonly type: 'downloading' | 'verifying'; readonly done: number; readonly total: number | undefined }
  | { readonly type: 'waiting'; readonly reason: string; readonly waitMs: number; readonly done: number };

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onStage: (stage: DownloadStage) => void;
  readonly policy?: RetryPolicy | undefined;
}

/** A file that is another one at each try is not to be had. */
const MAX_RESTARTS = 5;

/**
 * Brings a remote file to `target`. What is there under that name already is complete, and left alone. When it is
 * stopped or fails, what has come is kept and the next call goes on from there.
 *
 * @throws StudioError cancelled, unreachable, refused, corrupt-download, disk-full, unwritable, in-use, bad-request
 */
export async function downloadFile(file: RemoteFile, target: string, options: DownloadOptions): Promise<void> {
  const lock = await takeLock(`${target}.lock`, `The download of ${basename(target)}`);
  try {
    if (await exists(target)) await removePart(target);
    else await new Download(file, target, options).run();
  } finally {
    await lock.release();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

class Download {
  readonly #file: RemoteFile;
  readonly #target: string;
  readonly #options: DownloadOptions;
  readonly #policy: RetryPolicy;
  #restarts = 0;

  constructor(file: RemoteFile, target: string, options: DownloadOptions) {
    this.#file = file;
    this.#target = target;
    this.#options = options;
    this.#policy = options.policy ?? PATIENT;
  }

  async run(): Promise<void> {
    const { signal, onStage } = this.#options;
    const part = await PartFile.open(this.#target, this.#file.url);
    try {
      await retry(() => this.#attempt(part), {
        policy: this.#policy,
        signal,
        progress: () => part.size,
        onWaiting: ({ message }, waitMs) => onStage({ type: 'waiting', reason: message, waitMs, done: part.size }),
      });
    } finally {
      await part.close();
    }
    await this.#verify(part.size);
    await part.finish();
  }

  async #attempt(part: PartFile): Promise<void> {
    if (this.#isComplete(part)) return;
    const connection = new AbortController();
    const watch = new StallWatch(this.#policy.stallMs, () => connection.abort());
    const signal = AbortSignal.any([this.#options.signal, connection.signal]);
    try {
      const { url, authorization } = this.#file;
      const answer = await fetchRange({
        url,
        authorization,
        offset: part.size,
        validator: part.facts.validator,
        signal,
      });
      watch.heard();
      await this.#accept(part, answer);
      await this.#receive(part, answer, watch);
    } catch (error) {
      await part.flush();
      if (this.#options.signal.aborted) throw cancelled();
      throw watch.expired
        ? new PassingProblem(`Nothing came from ${new URL(this.#file.url).host} for a while.`)
        : error;
    } finally {
      watch.stop();
      // Frees the connection of an answer that was not read to its end.
      connection.abort();
    }
  }

  #isComplete({ size, facts }: PartFile): boolean {
    return size > 0 && size === (this.#file.size ?? facts.total);
  }

  /** Checks what the server announces, before anything that has come already is given up for it. */
  async #accept(part: PartFile, { kind, total, validator }: RangeAnswer): Promise<void> {
    const expected = this.#file.size;
    if (expected !== undefined && total !== undefined && total !== expected) {
      throw new StudioError(
        'corrupt-download',
        `The file at ${new URL(this.#file.url).host} has ${formatBytes(total)}, but ${formatBytes(expected)} were announced.`,
        { hint: 'Its publisher may have changed it. Cancel the download and start it again.', detail: this.#file.url },
      );
    }
    const { facts } = part;
    const isOther = kind === 'changed' || differs(facts.validator, validator) || differs(facts.total, total);
    if (part.size > 0 && (isOther || kind === 'whole')) {
      // A server that knows no ranges sends the same file from its beginning; one that has changed is another matter.
      if (isOther && ++this.#restarts > MAX_RESTARTS) throw alwaysChanging(this.#file.url);
      await part.restart();
      // What comes now is no beginning.
      if (kind !== 'whole') throw new PassingProblem('The file has been changed on its server.');
    }
    await part.describe({ url: this.#file.url, validator, total: total ?? expected });
    await requireSpace(this.#target, (part.facts.total ?? part.size) - part.size);
  }

  async #receive(part: PartFile, { body }: RangeAnswer, watch: StallWatch): Promise<void> {
    const { total } = part.facts;
    const report = () => this.#options.onStage({ type: 'downloading', done: part.size, total });
    report();
    try {
      for await (const chunk of body) {
        watch.heard();
        if (total !== undefined && part.size + chunk.length > total) throw tooLong(this.#file.url, total);
        await part.append(chunk);
        report();
      }
    } catch (cause) {
      if (cause instanceof StudioError) throw cause;
      throw new PassingProblem('The connection was lost.', { cause });
    }
    if (total !== undefined && part.size < total) throw new PassingProblem('The connection was closed too early.');
  }

  async #verify(size: number): Promise<void> {
    const { sha256, url } = this.#file;
    const { signal, onStage } = this.#options;
    if (sha256 === undefined) return;
    const onProgress = (done: number) => onStage({ type: 'verifying', done, total: size });
    const found = await hashFile(partPath(this.#target), { signal, onProgress });
    if (found === sha256.toLowerCase()) return;
    await removePart(this.#target);
    throw new StudioError('corrupt-download', `${basename(this.#target)} is not the file that was announced.`, {
      hint: 'It was damaged on its way, or changed by its publisher: download it again.',
      detail: `SHA-256 of ${url} is ${found}, expected ${sha256}`,
    });
  }
}

/** Ends a connection on which nothing comes. */
class StallWatch {
  readonly #timer: NodeJS.Timeout;
  expired = false;

  constructor(stallMs: number, expire: () => void) {
    this.#timer = setTimeout(() => {
      this.expired = true;
      expire();
    }, stallMs);
  }

  heard(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** What is not known differs from nothing. */
function differs<T>(before: T | undefined, now: T | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

function tooLong(url: string, total: number): StudioError {
  return new StudioError(
    'corrupt-download',
    `${new URL(url).host} sends more than the ${formatBytes(total)} that it announced.`,
    {
      hint: 'Try again later, or download the file with another program and import it.',
    },
  );
}

function alwaysChanging(url: string): StudioError {
  return new StudioError('corrupt-download', `The file at ${new URL(url).host} is another one at each try.`, {
    hint: 'Try again later, or download the file with another program and import it.',
    detail: url,
  });
}
