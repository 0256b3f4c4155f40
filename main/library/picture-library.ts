/**
 * The finished pictures on this machine.
 *
 * The PNG files are the truth; an index beside them makes them quick to find, and knows what the files do not say: stars,
 * boards, thumbnails and the pictures of each scale. When it is damaged it is made anew from the files; stars and boards
 * are taken over from what can still be read of it, and the pictures of the scales are lost.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { StudioError } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import { parseId } from '../../app/document/parse-document.ts';
import {
  type Board,
  type PictureEntry,
  type PictureQuery,
  parseBoardName,
  parsePictureQuery,
} from '../../app/library/picture-entry.ts';
import { writeError } from '../files/atomic-write.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { readPngRecord } from '../jobs/png.ts';
import { type Picture, writePicture } from '../jobs/write-picture.ts';
import { DamagedIndex, LibraryIndex } from './library-index.ts';
import { describePicture, findPictureFiles, PICTURES, pictureFile, readPictureFile } from './picture-files.ts';
import {
  addPictures,
  findPicture,
  findThumbnail,
  listBoards,
  listFrames,
  listIds,
  listPictures,
  markPicture,
  PICTURE_SCHEMA,
  type PictureMarks,
  type PictureRow,
  putPicture,
  putThumbnail,
  removePictures,
  salvageMarks,
} from './picture-rows.ts';
import { thumbnailOfFile, thumbnailOfImage } from './thumbnail.ts';

export interface AddOptions {
  /** Letters, digits, `_` and `-`, at most 64; a new one if left out. A picture with this id is replaced. */
  readonly id?: string;
  /** Small PNGs of the scales, coarse to fine. */
  readonly frames?: readonly Uint8Array[];
}

const NO_MARKS: ReadonlyMap<string, PictureMarks> = new Map();

/** All calls throw StudioError: missing-file for a picture that is not there, unwritable or disk-full. */
export class PictureLibrary {
  readonly #folder: string;
  readonly #index: LibraryIndex;

  private constructor(folder: string) {
    this.#folder = resolve(folder);
    this.#index = new LibraryIndex(join(this.#folder, 'library.db'), PICTURE_SCHEMA);
  }

  /**
   * Opens the library of a folder, or begins one. Files that came or went since the last time are seen. Several libraries,
   * also of several programs, may be open on one folder. Nothing needs to be closed.
   */
  static async open(folder: string): Promise<PictureLibrary> {
    const library = new PictureLibrary(folder);
    library.#makeFolder();
    library.#index.announce();
    try {
      library.#takeOverFiles(NO_MARKS);
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error;
      library.#rebuild();
    }
    return library;
  }

  /** Writes the file, then the index. */
  async add(picture: Picture, { id: givenId, frames = [] }: AddOptions = {}): Promise<PictureEntry> {
    const createdAt = Date.now();
    const id = parseId(givenId ?? newId(createdAt), 'id');
    const file = this.#use((db) => findPicture(db, id))?.file ?? pictureFile(id, createdAt);
    const thumbnail = await thumbnailOfImage(picture.image);
    const path = join(this.#folder, file);
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
    await writePicture(path, picture);
    const entry = { id, createdAt, ...describePicture(picture.record, picture.image) };
    return this.#use((db) => {
      putPicture(db, { entry, file }, thumbnail, frames);
      return found(findPicture(db, id)).entry;
    });
  }

  /** Newest first; `before: last` of one answer asks for the next. */
  list(query: PictureQuery): PictureEntry[] {
    const checked = parsePictureQuery(query, 'query');
    return this.#use((db) => listPictures(db, checked));
  }

  get(id: string): PictureEntry {
    return this.#find(id).entry;
  }

  /** Absolute path of the picture's file, which somebody may have removed. */
  file(id: string): string {
    return join(this.#folder, this.#find(id).file);
  }

  /** Throws `corrupt-input` when the file is damaged. */
  async record(id: string): Promise<PictureRecord> {
    return readPngRecord(await this.#read(id));
  }

  /** A PNG whose longer side is at most 256 pixels. Throws `corrupt-input` when it must be made and the file is damaged. */
  async thumbnail(id: string): Promise<Uint8Array> {
    const kept = this.#use((db) => findThumbnail(db, id));
    if (kept) return kept;
    const made = await thumbnailOfFile(await this.#read(id));
    this.#use((db) => putThumbnail(db, id, made));
    return made;
  }

  /** The PNGs that were added with the picture, coarse to fine. */
  frames(id: string): Uint8Array[] {
    return this.#use((db) => {
      found(findPicture(db, id));
      return listFrames(db, id);
    });
  }

  star(id: string, starred: boolean): void {
    this.#mark(id, { starred });
  }

  /** @param board null takes the picture off its board. Throws `bad-request` for a name that is empty or too long. */
  setBoard(id: string, board: string | null): void {
    this.#mark(id, { board: board === null ? null : parseBoardName(board, 'board') });
  }

  /** All boards by name. */
  boards(): Board[] {
    return this.#use(listBoards);
  }

  /** Removes the file and what is known of it. Does nothing when it is not there. */
  async remove(id: string): Promise<void> {
    const row = this.#use((db) => findPicture(db, id));
    if (!row) return;
    const path = join(this.#folder, row.file);
    // The file first: without it the index forgets the picture at the next start, but not the other way round.
    await rm(path, { force: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
    this.#use((db) => removePictures(db, [id]));
  }

  #find(id: string): PictureRow {
    return this.#use((db) => found(findPicture(db, id)));
  }

  #mark(id: string, marks: Parameters<typeof markPicture>[2]): void {
    if (!this.#use((db) => markPicture(db, id, marks))) found(undefined);
  }

  async #read(id: string): Promise<Buffer> {
    const path = this.file(id);
    try {
      return await readFile(path);
    } catch (cause) {
      throw new StudioError('missing-file', `The picture's file cannot be read: ${path}`, {
        hint: 'Put it back, or remove the picture from the library.',
        cause,
      });
    }
  }

  #use<T>(work: (db: Database) => T): T {
    try {
      return this.#index.use(work);
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error;
      this.#rebuild();
      return this.#index.use(work);
    }
  }

  #rebuild(): void {
    this.#takeOverFiles(this.#index.moveAside(salvageMarks, NO_MARKS));
  }

  /** Brings the index in line with the files. */
  #takeOverFiles(marks: ReadonlyMap<string, PictureMarks>): void {
    // The index is read before the folder: a picture that another program adds meanwhile has a file by then.
    const known = this.#index.use(listIds);
    const files = new Map(findPictureFiles(this.#folder).map((file) => [file.id, file]));
    const gone = known.filter((id) => !files.has(id));
    for (const id of known) files.delete(id);
    const added = [...files.values()].flatMap((file): PictureRow[] => {
      const entry = readPictureFile(this.#folder, file);
      return entry ? [{ entry: { ...entry, ...marks.get(file.id) }, file: file.file }] : [];
    });
    if (gone.length === 0 && added.length === 0) return;
    this.#index.use((db) => {
      removePictures(db, gone);
      addPictures(db, added);
    });
  }

  #makeFolder(): void {
    const pictures = join(this.#folder, PICTURES);
    try {
      mkdirSync(pictures, { recursive: true });
      readdirSync(pictures);
    } catch (error) {
      throw writeError(pictures, error);
    }
  }
}

function found(row: PictureRow | undefined): PictureRow {
  if (row) return row;
  throw new StudioError('missing-file', 'This picture is not in the library.', {
    hint: 'It may have been removed in another window.',
  });
}
