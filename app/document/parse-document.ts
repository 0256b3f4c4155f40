/**
 * Documents from files and other processes, checked to the last field.
 */
import { StudioError } from '../base/errors.ts';
import {
  fields,
  finite,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Parser,
  record,
  text,
} from '../contracts/parse.ts';
import { MAP_KINDS } from '../generation/request.ts';
import {
  BLEND_MODES,
  DOCUMENT_VERSION,
  type Guide,
  LAYER_KINDS,
  type Layer,
  MAX_DOCUMENT_SIDE,
  MAX_LAYERS,
  type PaintingDocument,
  type Point,
  type Rect,
  type Selection,
  type SelectionPart,
  TILE_SIDE,
} from './document.ts';

const TILE_KEY = /^(0|[1-9]\d{0,3}),(0|[1-9]\d{0,3})$/;
/** Ids end up in file names. */
const SAFE_ID = /^[0-9a-zA-Z_-]{1,64}$/;

export const parseId: Parser<string> = (value, place) => {
  if (typeof value === 'string' && SAFE_ID.test(value)) return value;
  throw new StudioError('bad-request', `${place} must be an id.`);
};

const unit: Parser<number> = (value, place) => {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new StudioError('bad-request', `${place} must be a number from 0 to 1.`);
};

const point = fields<Point>({ x: finite, y: finite });
export const parseRect = fields<Rect>({ x: finite, y: finite, width: finite, height: finite });

const layer = fields<Layer>({
  id: parseId,
  kind: oneOf(...LAYER_KINDS),
  name: text,
  opacity: unit,
  blend: oneOf(...BLEND_MODES),
  visible: flag,
  locked: flag,
  alphaLocked: flag,
  controlKind: optional(oneOf(...MAP_KINDS)),
  tiles: record(parseId),
});

const selection = fields<Selection>({
  parts: list(fields<SelectionPart>({ mode: oneOf('add', 'subtract', 'intersect'), points: list(point) })),
  inverted: flag,
  feather: finite,
});

const side = integer(1, MAX_DOCUMENT_SIDE);

const anyVersion = fields<PaintingDocument>({
  version: (value, place) => {
    if (value === DOCUMENT_VERSION) return DOCUMENT_VERSION;
    throw new StudioError('bad-request', `${place} is ${String(value)}; this Underpaint reads ${DOCUMENT_VERSION}.`, {
      hint: 'A newer Underpaint made this painting: update to open it.',
    });
  },
  name: text,
  width: side,
  height: side,
  layers: list(layer),
  activeLayer: nullable(parseId),
  selection: nullable(selection),
  frame: parseRect,
  guides: list(fields<Guide>({ axis: oneOf('x', 'y'), at: finite })),
});

/** @throws bad-request, naming the field */
export const parseDocument: Parser<PaintingDocument> = (value, place) => {
  const document = anyVersion(value, place);
  if (document.layers.length > MAX_LAYERS) {
    throw new StudioError('bad-request', `${place}.layers must be at most ${MAX_LAYERS}.`);
  }
  const ids = new Set(document.layers.map(({ id }) => id));
  if (ids.size !== document.layers.length) throw new StudioError('bad-request', `${place}.layers share an id.`);
  for (const [index, { tiles }] of document.layers.entries()) {
    for (const key of Object.keys(tiles)) checkTileKey(key, document, `${place}.layers[${index}].tiles`);
  }
  return document;
};

function checkTileKey(key: string, { width, height }: PaintingDocument, place: string): void {
  const [, column, row] = TILE_KEY.exec(key) ?? [];
  const inside = Number(column) * TILE_SIDE < width && Number(row) * TILE_SIDE < height;
  if (!inside) throw new StudioError('bad-request', `${place} has a tile at "${key}", which is outside the painting.`);
}
