/**
 * Zip files that are written whole and read with care: few entries, known names, bounded sizes.
 */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import yazl from 'yazl';
import { StudioError } from '../../app/base/errors.ts';

/** Fixed, so that the same painting makes the same bytes. */
const ENTRY_TIME = new Date(Date.UTC(2000, 0, 1));

export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes of an entry, unpacked. */
  readonly entryBytes: number;
  /** Bytes of all entries, unpacked. */
  readonly totalBytes: number;
  /** Whether a name may occur. */
  isName(name: string): boolean;
}

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly compress: boolean;
}

export async function writeArchive(path: string, entries: readonly ArchiveEntry[]): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const { name, bytes, compress } of entries) {
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, { compress, mtime: ENTRY_TIME });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

/**
 * All entries by name. The sizes that entries declare are checked first, those that come out of them while they are unpacked.
 *
 * @throws StudioError corrupt-input
 */
export async function readArchive(path: string, limits: ArchiveLimits): Promise<Map<string, Uint8Array>> {
  const zip = await openZip(path);
  try {
    const contents = new Map<string, Uint8Array>();
    let total = 0;
    for (const entry of await listEntries(zip, limits)) {
      total += entry.uncompressedSize;
      if (entry.uncompressedSize > limits.entryBytes || total > limits.totalBytes) throw refused('It is too large.');
      if (contents.has(entry.fileName)) throw refused(`It has ${entry.fileName} twice.`);
      contents.set(entry.fileName, await readEntry(zip, entry));
    }
    return contents;
  } finally {
    zip.close();
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (!error) return resolve(zip);
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'EACCES') {
        reject(new StudioError('missing-file', `The project cannot be read: ${path}`, { cause: error }));
      } else reject(refused('It is no zip file.', error));
    });
  });
}

function listEntries(zip: ZipFile, limits: ArchiveLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.entries) throw refused('It has too many parts.');
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', (error: Error) => reject(refused('Its list of parts is damaged.', error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      if (!limits.isName(entry.fileName))
        return reject(refused(`It has a part that does not belong: ${entry.fileName}`));
      if (entries.length >= limits.entries) return reject(refused('It has too many parts.'));
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(refused(`${entry.fileName} is damaged.`, error));
    zip.openReadStream(entry, (error, stream) => {
      if (error) return fail(error);
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('error', fail);
      stream.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
    });
  });
}

export function refused(what: string, cause?: unknown): StudioError {
  return new StudioError('corrupt-input', `The project cannot be opened. ${what}`, {
    hint: 'Open an earlier copy of it.',
    cause,
    detail: cause instanceof Error ? cause.message : what,
  });
}
