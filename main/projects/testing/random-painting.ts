/**
 * Paintings of noise, for tests.
 */
import { newId } from '../../../app/base/ids.ts';
import { type PaintingDocument, TILE_BYTES } from '../../../app/document/document.ts';
import { addLayer, newDocument, newLayer, replaceTiles } from '../../../app/document/edits.ts';
import { packTile } from '../tile-codec.ts';

export interface RandomPainting {
  readonly document: PaintingDocument;
  readonly pixels: ReadonlyMap<string, Uint8Array>;
  readonly packed: ReadonlyMap<string, Uint8Array>;
}

/** Two layers: one with tiles at these places, one empty. */
export function randomPainting(places: readonly string[], seed = 1): RandomPainting {
  const pixels = new Map<string, Uint8Array>();
  const tiles = new Map<string, string>();
  for (const [i, place] of places.entries()) {
    const id = newId();
    pixels.set(id, noise(seed * 31 + i));
    tiles.set(place, id);
  }
  const empty = newDocument(700, 500, 'Lake', 'Sky');
  const painted = replaceTiles(empty, empty.activeLayer as string, tiles);
  const document = addLayer(painted, newLayer('mask', 'Mask'));
  return { document, pixels, packed: new Map([...pixels].map(([id, bytes]) => [id, packTile(bytes)])) };
}

function noise(seed: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length: TILE_BYTES }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
