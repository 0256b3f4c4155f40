/**
 * Where the pictures of a contact sheet or a labelled grid go.
 */
import { StudioError } from '../base/errors.ts';
import type { NameValues } from './file-names.ts';

export interface SheetPicture {
  /** Name of its file. */
  readonly file: string;
  readonly values: NameValues;
}

export interface Sheet {
  /** Words over the columns; empty for a contact sheet. */
  readonly columns: readonly string[];
  /** Words before the rows; empty for a contact sheet. */
  readonly rows: readonly string[];
  /** Words over all of it; may be empty. */
  readonly title: string;
  /** How many cells stand side by side. */
  readonly width: number;
  /** Row by row; undefined stays empty. */
  readonly cells: readonly (SheetCell | undefined)[];
}

export interface SheetCell {
  readonly file: string;
  /** Words below the picture; may be empty. */
  readonly caption: string;
}

const SHEET_COLUMNS = 6;
const SHEET_ROWS = 8;
/** Beyond this a grid is larger than what can be looked at. */
const MAX_GRID_SIDE = 50;

/** All pictures in their order, as many on a sheet as can be looked at. */
export function contactSheets(pictures: readonly SheetPicture[]): Sheet[] {
  const size = SHEET_COLUMNS * SHEET_ROWS;
  return Array.from({ length: Math.ceil(pictures.length / size) }, (_, page) => {
    const cells = pictures.slice(page * size, (page + 1) * size).map(({ file, values }) => {
      return { file, caption: `${values.label ?? ''} · ${values.seed}`.replace(/^ · /, '') };
    });
    return { columns: [], rows: [], title: '', width: Math.min(SHEET_COLUMNS, cells.length), cells };
  });
}

/**
 * A grid for each combination of what is on neither axis: columns are the values of one field, rows those of another.
 *
 * @throws StudioError bad-request when the pictures have no such field, or too many values for it
 */
export function labelledGrids(pictures: readonly SheetPicture[], across: string, down: string): Sheet[] {
  const columns = valuesOf(pictures, across);
  const rows = valuesOf(pictures, down);
  const others = varyingFields(pictures).filter((name) => name !== across && name !== down);
  const groups = new Map<string, SheetPicture[]>();
  for (const picture of pictures) {
    const title = others.map((name) => captionOf(name, picture.values)).join(', ');
    groups.set(title, [...(groups.get(title) ?? []), picture]);
  }
  return [...groups].map(([title, members]) => {
    const cells = rows.flatMap((row) => columns.map((column) => cellAt(members, [across, column], [down, row])));
    return {
      title,
      width: columns.length,
      columns: columns.map((value) => captionOf(across, { [across]: value })),
      rows: rows.map((value) => captionOf(down, { [down]: value })),
      cells,
    };
  });
}

type Value = NameValues[string];

/** The values that a field has, in the order in which they come. */
function valuesOf(pictures: readonly SheetPicture[], field: string): Value[] {
  const known = pictures[0]?.values ?? {};
  if (!Object.hasOwn(known, field)) {
    throw new StudioError('bad-request', `The pictures have no "${field}" for a grid.`, {
      hint: `They differ in: ${varyingFields(pictures).join(', ') || 'nothing'}.`,
    });
  }
  const values = [...new Set(pictures.map(({ values }) => values[field] as Value))];
  if (values.length <= MAX_GRID_SIDE) return values;
  throw new StudioError('bad-request', `A grid of ${values.length} values of "${field}" is too large.`, {
    hint: `At most ${MAX_GRID_SIDE} fit; a contact sheet shows any number.`,
  });
}

/** Fields with more than one value, without the number that every picture has for itself. */
function varyingFields(pictures: readonly SheetPicture[]): string[] {
  const names = new Set(pictures.flatMap(({ values }) => Object.keys(values)));
  names.delete('n');
  return [...names].filter((name) => new Set(pictures.map(({ values }) => values[name])).size > 1);
}

function captionOf(name: string, values: NameValues): string {
  const value = values[name] ?? 'none';
  return name === 'label' ? String(value) : `${name} ${value}`;
}

function cellAt(
  members: readonly SheetPicture[],
  [across, column]: readonly [string, Value],
  [down, row]: readonly [string, Value],
): SheetCell | undefined {
  const found = members.find(({ values }) => values[across] === column && values[down] === row);
  return found && { file: found.file, caption: '' };
}
