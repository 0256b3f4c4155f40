/**
 * The part of a file that has come: `<file>.part`, and `<file>.part.json` beside it, which says what it is a part of and
 * how much of it is on the disk for sure. Only what the journal vouches for is kept after a crash.
 */
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fields, integer, optional, type Parser, text } from '../../app/contracts/parse.ts';
import { writeError } from '../files/atomic-write.ts';

export interface PartFacts {
  readonly url: string;
  /** `ETag` or `Last-Modified`. */
  readonly validator: string | undefined;
  /** Bytes of the whole file, if known. */
  readonly total: number | undefined;
}

interface Journal extends PartFacts {
  /** Bytes that have been flushed. */
  readonly flushed: number;
}

const MAX_BYTES = Number.MAX_SAFE_INTEGER;
/** What is fetched again after a power cut, at most. */
const FLUSH_BYTES = 32 * 2 ** 20;
const FLUSH_MS = 250;

const parseJournal: Parser<Journal> = fields<Journal>({
  url: text,
  validator: optional(text),
  total: optional(integer(0, MAX_BYTES)),
  flushed: integer(0, MAX_BYTES),
});

export function partPath(target: string): string {
  return `${target}.part`;
}

export function journalPath(target: string): string {
  return `${target}.part.json`;
}

function newJournalPath(target: string): string {
  return `${journalPath(target)}.new`;
}

export class PartFile {
  readonly #target: string;
  readonly #file: FileHandle;
  #facts: PartFacts;
  #size: number;
  #flushed: number;
  #flushedAt = performance.now();

  private constructor(target: string, file: FileHandle, { flushed, ...facts }: Journal) {
    this.#target = target;
    this.#file = file;
    this.#facts = facts;
    this.#size = flushed;
    this.#flushed = flushed;
  }

  /** Opens what there is of `url`, or begins anew. Throws `unwritable` or `disk-full`. */
  static async open(target: string, url: string): Promise<PartFile> {
    try {
      await mkdir(dirname(target), { recursive: true });
      const journal = (await readJournal(target, url)) ?? { url, validator: undefined, total: undefined, flushed: 0 };
      const file = await open(partPath(target), journal.flushed > 0 ? 'r+' : 'w');
      await file.truncate(journal.flushed);
      return new PartFile(target, file, journal);
    } catch (error) {
      throw writeError(target, error);
    }
  }

  get size(): number {
    return this.#size;
  }

  get facts(): PartFacts {
    return this.#facts;
  }

  /** Throws `unwritable` or `disk-full`; then what was flushed is still there. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#try(async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#size);
        done += bytesWritten;
        this.#size += bytesWritten;
      }
    });
    const due = performance.now() - this.#flushedAt > FLUSH_MS;
    if (due || this.#size - this.#flushed >= FLUSH_BYTES) await this.flush();
  }

  /** What comes from now on belongs to a file with these facts. */
  async describe(facts: PartFacts): Promise<void> {
    const { url, validator, total } = this.#facts;
    if (facts.url === url && facts.validator === validator && facts.total === total) return;
    this.#facts = facts;
    await this.#writeJournal();
  }

  /** Forgets all bytes: they are of another file. */
  async restart(): Promise<void> {
    this.#size = 0;
    this.#flushed = 0;
    this.#facts = { ...this.#facts, validator: undefined, total: undefined };
    // The journal first: it must never vouch for bytes that are gone.
    await this.#writeJournal();
    await this.#try(() => this.#file.truncate(0));
  }

  async flush(): Promise<void> {
    if (this.#flushed === this.#size) return;
    await this.#try(() => this.#file.datasync());
    this.#flushed = this.#size;
    this.#flushedAt = performance.now();
    await this.#writeJournal();
  }

  /** Closes it; it can be opened again. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  /** Gives the closed part its final name. Throws `unwritable`. */
  async finish(): Promise<void> {
    await this.#try(() => rename(partPath(this.#target), this.#target));
    await removePart(this.#target);
  }

  /** As `writeFileAtomic`, but under one name that is used again: a process that is killed leaves nothing more behind. */
  #writeJournal(): Promise<void> {
    const journal: Journal = { ...this.#facts, flushed: this.#flushed };
    const path = journalPath(this.#target);
    return this.#try(async () => {
      await writeFile(newJournalPath(this.#target), JSON.stringify(journal), { flush: true });
      await rename(newJournalPath(this.#target), path);
    });
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw writeError(this.#target, error);
    }
  }
}

/** Bytes of a file that have come already; 0 when there is no part of it. */
export async function partSize(target: string): Promise<number> {
  return (await readJournal(target, undefined))?.flushed ?? 0;
}

/** Takes a part away; what is not there is no failure. */
export async function removePart(target: string): Promise<void> {
  for (const path of [newJournalPath(target), journalPath(target), partPath(target)]) await rm(path, { force: true });
}

/** Undefined when there is no part, or one of another address, or one that is shorter than it should be. */
async function readJournal(target: string, url: string | undefined): Promise<Journal | undefined> {
  try {
    const journal = parseJournal(JSON.parse(await readFile(journalPath(target), 'utf8')), 'journal');
    const { size } = await stat(partPath(target));
    return (url === undefined || journal.url === url) && size >= journal.flushed ? journal : undefined;
  } catch {
    return undefined;
  }
}
