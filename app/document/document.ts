/**
 * A painting as plain, immutable data. Pixels are not in it: layers name tiles by id, and a tile store has their bytes.
 */

import type { MapKind } from '../generation/request.ts';

/** Side of a tile in pixels. */
export const TILE_SIDE = 128;
/** Bytes of a tile's pixels: RGBA, 8 bits, not premultiplied. */
export const TILE_BYTES = TILE_SIDE * TILE_SIDE * 4;

export const DOCUMENT_VERSION = 1;
/** Largest width and height of a painting, in pixels. */
export const MAX_DOCUMENT_SIDE = 8192;
export const MAX_LAYERS = 200;

export const BLEND_MODES = [
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
] as const;
export type BlendMode = (typeof BLEND_MODES)[number];

/** `paint`: a picture. `mask`: where models may paint, its alpha counts. `control`: a map that a model follows. */
export const LAYER_KINDS = ['paint', 'mask', 'control'] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

/**
 * The pixels of a layer: tile ids by `column,row`, counted from the painting's top left corner. A place without a tile is
 * transparent. Ids are never used again for other pixels.
 */
export type TileMap = Readonly<Record<string, string>>;

export interface Layer {
  readonly id: string;
  readonly kind: LayerKind;
  readonly name: string;
  /** 0 … 1. */
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly visible: boolean;
  /** Nothing of the layer may change. */
  readonly locked: boolean;
  /** Painting keeps the layer's transparency. */
  readonly alphaLocked: boolean;
  /** What a control map shows; left out where nobody has said it, and of other layers. */
  readonly controlKind?: MapKind | undefined;
  readonly tiles: TileMap;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels, from the painting's top left corner. */
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** One stroke of a selection tool, over those before it. */
export interface SelectionPart {
  readonly mode: 'add' | 'subtract' | 'intersect';
  /** A closed polygon. */
  readonly points: readonly Point[];
}

/** What tools may touch; `null` stands for everything. */
export interface Selection {
  readonly parts: readonly SelectionPart[];
  readonly inverted: boolean;
  /** Softness of the edge in pixels. */
  readonly feather: number;
}

export interface Guide {
  readonly axis: 'x' | 'y';
  /** Pixels. */
  readonly at: number;
}

export interface PaintingDocument {
  readonly version: typeof DOCUMENT_VERSION;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Bottom first. */
  readonly layers: readonly Layer[];
  readonly activeLayer: string | null;
  readonly selection: Selection | null;
  /** Where models paint. */
  readonly frame: Rect;
  readonly guides: readonly Guide[];
}

export function tileKey(column: number, row: number): string {
  return `${column},${row}`;
}

/** Every tile id that a document names. */
export function tileIds(document: PaintingDocument): Set<string> {
  return new Set(document.layers.flatMap((layer) => Object.values(layer.tiles)));
}
