/**
 * Changes of a painting, as functions from document to document. What cannot be done returns the document as it was.
 */
import { newId } from '../base/ids.ts';
import {
  DOCUMENT_VERSION,
  type Layer,
  type LayerKind,
  MAX_LAYERS,
  type PaintingDocument,
  type Rect,
  type TileMap,
} from './document.ts';

export function newDocument(width: number, height: number, name: string, layerName: string): PaintingDocument {
  const layer = newLayer('paint', layerName);
  const side = Math.min(512, width, height);
  return {
    version: DOCUMENT_VERSION,
    name,
    width,
    height,
    layers: [layer],
    activeLayer: layer.id,
    selection: null,
    frame: { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side },
    guides: [],
  };
}

export function newLayer(kind: LayerKind, name: string): Layer {
  const opacity = kind === 'mask' ? 0.6 : 1;
  const state = { visible: true, locked: false, alphaLocked: false };
  return { id: newId(), kind, name, opacity, blend: 'normal', ...state, tiles: {} };
}

export function findLayer(document: PaintingDocument, id: string | null): Layer | undefined {
  return document.layers.find((layer) => layer.id === id);
}

/** Puts a layer above the active one, and makes it the active one. */
export function addLayer(document: PaintingDocument, layer: Layer): PaintingDocument {
  if (document.layers.length >= MAX_LAYERS) return document;
  const at = document.layers.findIndex(({ id }) => id === document.activeLayer);
  const layers = document.layers.toSpliced(at < 0 ? document.layers.length : at + 1, 0, layer);
  return { ...document, layers, activeLayer: layer.id };
}

export function removeLayer(document: PaintingDocument, id: string): PaintingDocument {
  const at = document.layers.findIndex((layer) => layer.id === id);
  if (at < 0 || document.layers[at]?.locked) return document;
  const layers = document.layers.toSpliced(at, 1);
  const neighbour = layers[Math.max(0, at - 1)]?.id ?? null;
  return { ...document, layers, activeLayer: document.activeLayer === id ? neighbour : document.activeLayer };
}

export function duplicateLayer(document: PaintingDocument, id: string, name: string): PaintingDocument {
  const layer = findLayer(document, id);
  return layer ? addLayer({ ...document, activeLayer: id }, { ...layer, id: newId(), name }) : document;
}

export function updateLayer(document: PaintingDocument, id: string, changes: Partial<Layer>): PaintingDocument {
  const layers = document.layers.map((layer) => (layer.id === id ? { ...layer, ...changes } : layer));
  return { ...document, layers };
}

/** Moves a layer to a place in the pile, 0 at the bottom. */
export function moveLayer(document: PaintingDocument, id: string, to: number): PaintingDocument {
  const from = document.layers.findIndex((layer) => layer.id === id);
  const target = Math.max(0, Math.min(document.layers.length - 1, to));
  if (from < 0 || from === target) return document;
  const layer = document.layers[from] as Layer;
  return { ...document, layers: document.layers.toSpliced(from, 1).toSpliced(target, 0, layer) };
}

/** @param tiles new ids by place; null takes a tile away */
export function replaceTiles(
  document: PaintingDocument,
  id: string,
  tiles: ReadonlyMap<string, string | null>,
): PaintingDocument {
  const layer = findLayer(document, id);
  if (!layer || tiles.size === 0) return document;
  const next: Record<string, string> = { ...layer.tiles };
  for (const [key, tile] of tiles) {
    if (tile === null) delete next[key];
    else next[key] = tile;
  }
  return updateLayer(document, id, { tiles: next satisfies TileMap });
}

/** The frame with sides that are whole multiples of half the model's where the painting has room for it; see `frameWithin`. */
export function snapFrame(frame: Rect, model: { width: number; height: number }, painting: Rect): Rect {
  const snapped = (length: number, own: number) => Math.max(1, Math.round((length * 2) / own)) * (own / 2);
  return frameWithin(
    { ...frame, width: snapped(frame.width, model.width), height: snapped(frame.height, model.height) },
    painting,
  );
}

/** A frame of whole pixels inside of the painting, as near to the wanted one as it can be. */
export function frameWithin({ x, y, width, height }: Rect, painting: Rect): Rect {
  const side = (length: number, room: number) => Math.max(1, Math.min(Math.round(length), room));
  const [across, down] = [side(width, painting.width), side(height, painting.height)];
  const within = (at: number, size: number, room: number) => Math.max(0, Math.min(Math.round(at), room - size));
  return { x: within(x, across, painting.width), y: within(y, down, painting.height), width: across, height: down };
}
