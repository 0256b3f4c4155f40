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

/** All pictures in their order, as many on a sheet as can be looked at, with what tells them apart below. */
export function contactSheets(pictures: readonly SheetPicture[]): Sheet[] {
  const size = SHEET_COLUMNS * SHEET_ROWS;
  const told = varyingFields(pictures).sort((a, b) => Number(b === 'label') - Number(a === 'label'));
  return Array.from({ length: Math.ceil(pictures.length / size) }, (_, page) => {
    const cells = pictures.slice(page * size, (page + 1) * size).map(({ file, values }) => {
      return { file, caption: told.map((name) => captionOf(name, values)).join(', ') };
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
  for (const axis of [across, down]) checkAxis(pictures, axis);
  const others = varyingFields(pictures).filter((name) => name !== across && name !== down);
  const groups = new Map<string, SheetPicture[]>();
  for (const picture of pictures) {
    const title = others.map((name) => captionOf(name, picture.values)).join(', ');
    const group = groups.get(title);
    if (group) group.push(picture);
    else groups.set(title, [picture]);
  }
  return [...groups].map(([title, members]) => gridOf(title, members, across, down));
}

function gridOf(title: string, members: readonly SheetPicture[], across: string, down: string): Sheet {
  const [columns, rows] = [valuesOf(members, across), valuesOf(members, down)];
  return {
    title,
    width: columns.length,
    columns: columns.map((value) => captionOf(across, { [across]: value })),
    rows: rows.map((value) => captionOf(down, { [down]: value })),
    cells: rows.flatMap((row) => columns.map((column) => cellAt(members, [across, column], [down, row]))),
  };
}

type Value = NameValues[string];

function checkAxis(pictures: readonly SheetPicture[], field: string): void {
  if (!Object.hasOwn(pictures[0]?.values ?? {}, field)) {
    throw new StudioError('bad-request', `The pictures have no "${field}" for a grid.`, {
      hint: `They differ in: ${varyingFields(pictures).join(', ') || 'nothing'}.`,
    });
  }
  const { length } = valuesOf(pictures, field);
  if (length <= MAX_GRID_SIDE) return;
  throw new StudioError('bad-request', `A grid of ${length} values of "${field}" is too large.`, {
    hint: `At most ${MAX_GRID_SIDE} fit; a contact sheet shows any number.`,
  });
}

/** The values that a field has: numbers by size, others in the order in which they come. */
function valuesOf(pictures: readonly SheetPicture[], field: string): Value[] {
  const values = [...new Set(pictures.map(({ values }) => values[field] as Value))];
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
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
