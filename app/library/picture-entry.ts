/**
 * What the library of finished pictures says of each.
 */
import { StudioError } from '../base/errors.ts';
import { fields, finite, flag, integer, nullable, optional, type Parser, text } from '../contracts/parse.ts';

export interface PictureEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly model: { readonly id: string; readonly name: string };
  /** Words for the class, or null. */
  readonly labelName: string | null;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly starred: boolean;
  readonly board: string | null;
}

/** A place in the list; every entry is one. */
export type PictureCursor = Pick<PictureEntry, 'createdAt' | 'id'>;

/** Newest first. */
export interface PictureQuery {
  /** Words that must all occur in the class, the model or the board; each may be cut short. */
  readonly search?: string | undefined;
  /** True: only those with a star. */
  readonly starred?: boolean | undefined;
  readonly board?: string | undefined;
  /** Only what comes after this in the list: the last entry of the answer before, which may be gone by now. */
  readonly before?: PictureCursor | undefined;
  /** 1 … 500. */
  readonly limit: number;
}

/** A board and how many pictures are on it. */
export interface Board {
  readonly name: string;
  readonly count: number;
}

const MAX_LIMIT = 500;
const MAX_BOARD_NAME = 80;
const count = integer(0, Number.MAX_SAFE_INTEGER);

export const parsePictureEntry: Parser<PictureEntry> = fields<PictureEntry>({
  id: text,
  createdAt: finite,
  model: fields<PictureEntry['model']>({ id: text, name: text }),
  labelName: nullable(text),
  seed: count,
  width: count,
  height: count,
  starred: flag,
  board: nullable(text),
});

export const parsePictureQuery: Parser<PictureQuery> = fields<PictureQuery>({
  search: optional(text),
  starred: optional(flag),
  board: optional(text),
  before: optional(fields<PictureCursor>({ createdAt: finite, id: text })),
  limit: integer(1, MAX_LIMIT),
});

/** A board's name without surrounding and double space. Throws `bad-request` when it is empty or longer than 80. */
export const parseBoardName: Parser<string> = (value, place) => {
  const name = text(value, place)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (name !== '' && name.length <= MAX_BOARD_NAME) return name;
  throw new StudioError('bad-request', `${place} must be a name of at most ${MAX_BOARD_NAME} letters.`);
};
