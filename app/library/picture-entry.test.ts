import { describe, expect, it } from 'vitest';
import { type PictureEntry, parseBoardName, parsePictureEntry, parsePictureQuery } from './picture-entry.ts';

const ENTRY: PictureEntry = {
  id: 'x',
  createdAt: 5,
  model: { id: 'var', name: 'VAR' },
  labelName: null,
  seed: 1,
  width: 2,
  height: 3,
  starred: false,
  board: null,
};

describe('an entry', () => {
  it('goes through as it is', () => {
    expect(parsePictureEntry({ ...ENTRY, more: 1 }, 'entry')).toEqual(ENTRY);
  });

  it.each([{ seed: -1 }, { model: null }, { board: 3 }, { starred: 1 }, { id: null }])(
    'is refused with %j',
    (change) => {
      expect(() => parsePictureEntry({ ...ENTRY, ...change }, 'entry')).toThrow(`entry.${Object.keys(change)[0]}`);
    },
  );
});

describe('a query', () => {
  it('needs a limit only, and takes an entry as the place to go on from', () => {
    expect(parsePictureQuery({ limit: 1 }, 'query').limit).toBe(1);
    expect(parsePictureQuery({ limit: 1, before: ENTRY }, 'query').before).toEqual({ createdAt: 5, id: 'x' });
  });

  it.each([{ limit: 0 }, { limit: 501 }, { limit: 1, before: 'x' }, { limit: 1, search: 3 }, {}])(
    'is not %j',
    (query) => {
      expect(() => parsePictureQuery(query, 'query')).toThrow('query.');
    },
  );
});

describe("a board's name", () => {
  it('loses space that nobody sees', () => {
    expect(parseBoardName(' a \0\n  b ', 'board')).toBe('a b');
  });

  it.each(['', ' \t', 'x'.repeat(81)])('is not %j', (name) => {
    expect(() => parseBoardName(name, 'board')).toThrow('board must be');
  });
});
