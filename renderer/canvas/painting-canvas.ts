/**
 * The pixels of the open painting: a surface for each layer, kept to what the document says, and the flattened whole.
 */
import { type Layer, type PaintingDocument, type Rect, TILE_SIDE } from '../../app/document/document.ts';
import { findLayer, replaceTiles } from '../../app/document/edits.ts';
import { intersect, isEmpty, outward, type TilePlace, tilesOf } from '../../app/document/rects.ts';
import { currentDocument, edit } from '../stores/document-store.ts';
import { type Bitmap, createBitmap } from './bitmap.ts';
import { Compositor, type LayerEffect } from './compositor.ts';
import { LayerSurface } from './layer-surface.ts';
import { applyPaintOver, type PaintOver } from './paint-over.ts';
import { renderSelection } from './selection-mask.ts';
import type { TileStore } from './tile-store.ts';

export class PaintingCanvas {
  readonly tiles: TileStore;
  readonly bounds: Rect;
  readonly compositor: Compositor;
  readonly #surfaces = new Map<string, LayerSurface>();
  readonly #onChange: () => void;
  #shown: PaintingDocument | undefined;
  #draft: Bitmap | undefined;
  #selection: { readonly of: PaintingDocument['selection']; readonly mask: OffscreenCanvas } | undefined;

  /** @param onChange told that the compositor has something to do */
  constructor(document: PaintingDocument, tiles: TileStore, onChange: () => void) {
    const { width, height } = document;
    this.tiles = tiles;
    this.bounds = { x: 0, y: 0, width, height };
    this.compositor = new Compositor(width, height, this.#surfaces);
    this.#onChange = onChange;
    this.show(document);
  }

  /** Brings surfaces and composite to a document of the same size. */
  show(document: PaintingDocument): void {
    const before = this.#shown;
    if (document === before) return;
    this.#shown = document;
    this.compositor.setLayers(document.layers);
    const alive = new Set(document.layers.map(({ id }) => id));
    for (const id of this.#surfaces.keys()) if (!alive.has(id)) this.#surfaces.delete(id);
    for (const layer of document.layers) this.#showTiles(layer);
    if (!before || !sameLook(before.layers, document.layers)) this.#invalidate(this.bounds);
  }

  surface(layer: string): LayerSurface | undefined {
    return this.#surfaces.get(layer);
  }

  /** Empty, of the painting's size; the one before is gone. */
  draftBitmap(): Bitmap {
    const { width, height } = this.bounds;
    this.#draft ??= createBitmap(width, height);
    this.#draft.context.globalAlpha = 1;
    this.#draft.context.globalCompositeOperation = 'source-over';
    this.#draft.context.clearRect(0, 0, width, height);
    return this.#draft;
  }

  selectionMask(): OffscreenCanvas | undefined {
    const { selection, width, height } = currentDocument();
    if (!selection) return undefined;
    if (this.#selection?.of !== selection) {
      this.#selection = { of: selection, mask: renderSelection(selection, width, height).canvas };
    }
    return this.#selection?.mask;
  }

  preview(effect: LayerEffect | undefined, area: Rect): void {
    this.compositor.setEffect(effect);
    this.#invalidate(area);
  }

  /** @param places the tiles that the new pixels touch; those of the area when left out */
  paint(label: string, over: PaintOver, area: Rect, places?: readonly TilePlace[]): void {
    const layer = findLayer(currentDocument(), over.layer);
    if (!layer) {
      this.preview(undefined, area);
      return;
    }
    const inside = intersect(outward(area), this.bounds);
    const touched = places ?? tilesOf(inside);
    const draw = ({ context }: Bitmap) => {
      for (const { x, y } of touched) {
        applyPaintOver(context, over, intersect({ x, y, width: TILE_SIDE, height: TILE_SIDE }, inside));
      }
    };
    this.#commit(label, layer, touched, draw);
    this.preview(undefined, inside);
  }

  change(label: string, layer: Layer, area: Rect, draw: (bitmap: Bitmap) => void): void {
    const inside = intersect(outward(area), this.bounds);
    if (!isEmpty(inside)) this.#commit(label, layer, tilesOf(inside), draw);
    this.preview(undefined, inside);
  }

  #commit(label: string, layer: Layer, places: readonly TilePlace[], draw: (bitmap: Bitmap) => void): void {
    const surface = this.#surfaces.get(layer.id);
    if (!surface) return;
    surface.settle(places);
    draw(surface.bitmap);
    const changed = replaceTiles(currentDocument(), layer.id, surface.capture(places));
    surface.adopt(findLayer(changed, layer.id)?.tiles ?? {});
    edit(label, () => changed);
  }

  /** Puts pixels of the painting's size into a new document's layer before it is shown; returns the layer with its tiles. */
  fillLayer(layer: Layer, pixels: Bitmap, area: Rect): Layer {
    const surface = new LayerSurface(this.bounds.width, this.bounds.height, this.tiles);
    surface.bitmap.context.drawImage(pixels.canvas, 0, 0);
    const tiles = Object.fromEntries(surface.capture(tilesOf(intersect(outward(area), this.bounds))));
    surface.adopt(tiles);
    this.#surfaces.set(layer.id, surface);
    return { ...layer, tiles };
  }

  #showTiles({ id, tiles }: Layer): void {
    let surface = this.#surfaces.get(id);
    if (!surface) {
      surface = new LayerSurface(this.bounds.width, this.bounds.height, this.tiles);
      this.#surfaces.set(id, surface);
    }
    void surface.show(tiles, (area) => this.#invalidate(area));
  }

  #invalidate(area: Rect): void {
    this.compositor.invalidate(area);
    this.#onChange();
  }
}

/** Whether two piles of layers differ at most in their tiles and names. */
function sameLook(before: readonly Layer[], after: readonly Layer[]): boolean {
  return (
    before.length === after.length &&
    after.every((layer, i) => {
      const other = before[i] as Layer;
      return (
        layer.id === other.id &&
        layer.visible === other.visible &&
        layer.opacity === other.opacity &&
        layer.blend === other.blend
      );
    })
  );
}
