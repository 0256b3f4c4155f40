/**
 * Which layer of a painting is the map that a model follows.
 */
import type { MapKind } from '../generation/request.ts';
import type { Layer, PaintingDocument } from './document.ts';

export interface ControlLayer {
  readonly layer: Layer;
  readonly kind: MapKind;
}

/** What a layer shows to a model that follows maps of these kinds: what was said, else the first of them. */
export function controlKindOf({ controlKind }: Layer, kinds: readonly MapKind[]): MapKind | undefined {
  return controlKind ?? kinds[0];
}

/** The topmost control map that is seen, has something painted on it, and is of a kind that the model follows. */
export function controlLayer({ layers }: PaintingDocument, kinds: readonly MapKind[]): ControlLayer | undefined {
  for (const layer of layers.toReversed()) {
    if (layer.kind !== 'control' || !layer.visible || Object.keys(layer.tiles).length === 0) continue;
    const kind = controlKindOf(layer, kinds);
    if (kind && kinds.includes(kind)) return { layer, kind };
  }
  return undefined;
}
