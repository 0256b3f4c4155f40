/**
 * Changes of layers that the panel, the menu and shortcuts ask for.
 */
import type { Layer, LayerKind } from '../../app/document/document.ts';
import {
  addLayer,
  duplicateLayer,
  findLayer,
  moveLayer,
  newLayer,
  removeLayer,
  updateLayer,
} from '../../app/document/edits.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { featherMask, growMask, invertMask } from '../../app/imaging/mask-operations.ts';
import { createBitmap } from '../canvas/bitmap.ts';
import { operationOf } from '../canvas/compositor.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { MASK_COLOR } from '../canvas/tools/paint-color.ts';
import { adjust, currentDocument, edit } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import { words } from '../text/words.ts';

export function addEmptyLayer(kind: LayerKind): void {
  const names = words().layers;
  edit('edit.addLayer', (document) =>
    addLayer(document, newLayer(kind, `${names[kind]} ${document.layers.length + 1}`)),
  );
}

/** A white one at the bottom of a painting that was just begun, as a part of its beginning. */
export function addWhiteLayer(): void {
  const { painting } = canvas();
  const { width, height } = painting.bounds;
  const white = createBitmap(width, height);
  white.context.fillStyle = '#fff';
  white.context.fillRect(0, 0, width, height);
  const layer = painting.fillLayer(newLayer('paint', words().layers.background), white, painting.bounds);
  adjust((document) => ({ ...document, layers: [layer, ...document.layers] }));
}

export function selectLayer(id: string): void {
  adjust((document) => ({ ...document, activeLayer: id }));
}

export function deleteLayer(id = active()?.id): void {
  const layer = findLayer(currentDocument(), id ?? null);
  if (layer?.locked) notify('info', words().notice.layerLocked(layer.name));
  else if (layer) edit('edit.removeLayer', (document) => removeLayer(document, layer.id));
}

export function copyLayer(id = active()?.id): void {
  const layer = findLayer(currentDocument(), id ?? null);
  if (layer)
    edit('edit.copyLayer', (document) => duplicateLayer(document, layer.id, words().layers.copyOf(layer.name)));
}

/** Takes the layer above or below in hand. */
export function stepLayer(by: 1 | -1): void {
  const { layers, activeLayer } = currentDocument();
  const at = layers.findIndex(({ id }) => id === activeLayer);
  const next = layers[at + by];
  if (next) selectLayer(next.id);
}

export function toggleLayer(what: 'visible' | 'locked' | 'alphaLocked'): void {
  const layer = active();
  if (layer) changeLayer(layer.id, { [what]: !layer[what] });
}

export function shiftLayer(by: 1 | -1, id = active()?.id): void {
  const at = currentDocument().layers.findIndex((layer) => layer.id === id);
  if (id && at >= 0) edit('edit.moveLayer', (document) => moveLayer(document, id, at + by));
}

/** Puts a layer to the place of another one. */
export function dropLayer(id: string, onto: string): void {
  const at = currentDocument().layers.findIndex((layer) => layer.id === onto);
  if (at >= 0) edit('edit.moveLayer', (document) => moveLayer(document, id, at));
}

/** @param group of changes that are one step, while a slider is dragged */
export function changeLayer(id: string, changes: Partial<Layer>, group?: string): void {
  edit('edit.layer', (document) => updateLayer(document, id, changes), group);
}

/** Joins a layer with the one below it, as they look together. */
export function mergeDown(id = active()?.id): void {
  const document = currentDocument();
  const at = document.layers.findIndex((layer) => layer.id === id);
  const [upper, lower] = [document.layers[at], document.layers[at - 1]];
  if (!upper || !lower) return;
  const lockedOne = [upper, lower].find(({ locked }) => locked);
  if (lockedOne || upper.kind !== lower.kind) {
    const texts = words().notice;
    notify('info', lockedOne ? texts.layerLocked(lockedOne.name) : texts.otherKind);
    return;
  }
  const { painting } = canvas();
  const above = painting.surface(upper.id);
  if (!above) return;
  const image = above.bitmap.canvas;
  const below = lower.kind === 'mask' ? 1 : lower.opacity;
  painting.change('edit.mergeDown', lower, painting.bounds, ({ context }) => {
    if (below < 1) {
      context.globalCompositeOperation = 'destination-in';
      context.fillStyle = `rgb(0 0 0 / ${below})`;
      context.fillRect(0, 0, painting.bounds.width, painting.bounds.height);
    }
    context.globalAlpha = upper.kind === 'mask' ? 1 : upper.opacity;
    context.globalCompositeOperation = operationOf(upper.blend);
    if (upper.visible) context.drawImage(image, 0, 0);
    context.globalAlpha = 1;
    context.globalCompositeOperation = 'source-over';
  });
  // Part of the same step: the layer that was merged goes.
  adjust((merged) => ({
    ...updateLayer(removeLayer(merged, upper.id), lower.id, below < 1 ? { opacity: 1 } : {}),
    activeLayer: lower.id,
  }));
}

export function clearLayer(): void {
  const layer = active();
  if (!layer || isGuarded(layer)) return;
  const { painting } = canvas();
  const selection = painting.selectionMask();
  painting.change('edit.clear', layer, painting.bounds, ({ context }) => {
    context.globalCompositeOperation = 'destination-out';
    if (selection) context.drawImage(selection, 0, 0);
    else context.fillRect(0, 0, painting.bounds.width, painting.bounds.height);
    context.globalCompositeOperation = 'source-over';
  });
}

/** Whether a layer's pixels may not be taken away; the person is told why. */
function isGuarded({ locked, alphaLocked, name }: Layer): boolean {
  const texts = words().notice;
  if (locked) notify('info', texts.layerLocked(name));
  else if (alphaLocked) notify('info', texts.alphaLocked(name));
  return locked || alphaLocked;
}

/** Grown by `radius` pixels, or shrunk by a negative one. */
export function growActiveMask(radius: number): void {
  changeMask('edit.growMask', (mask) => growMask(mask, radius));
}

export function featherActiveMask(radius: number): void {
  changeMask('edit.featherMask', (mask) => featherMask(mask, radius));
}

export function invertActiveMask(): void {
  changeMask('edit.invertMask', invertMask);
}

/** Puts the selection's cover into the active mask. */
export function maskFromSelection(): void {
  const layer = active();
  const { painting } = canvas();
  const selection = painting.selectionMask();
  if (!selection || layer?.kind !== 'mask') {
    notify('info', words().notice.needsMaskAndSelection);
    return;
  }
  const { width, height } = painting.bounds;
  painting.change('edit.maskFromSelection', layer, painting.bounds, ({ context }) => {
    context.globalCompositeOperation = 'copy';
    context.drawImage(selection, 0, 0);
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = MASK_COLOR;
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = 'source-over';
  });
}

function changeMask(label: string, change: (mask: Mask) => Mask): void {
  const layer = active();
  if (layer?.kind !== 'mask' || layer.locked) {
    notify('info', words().notice.needsMask);
    return;
  }
  const { painting } = canvas();
  const { width, height } = painting.bounds;
  painting.change(label, layer, painting.bounds, ({ context }) => {
    const image = context.getImageData(0, 0, width, height);
    const cover = Uint8Array.from({ length: width * height }, (_, i) => image.data[i * 4 + 3] as number);
    const { data } = change({ width, height, data: cover });
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(MASK_COLOR.slice(at, at + 2), 16)) as [
      number,
      number,
      number,
    ];
    for (let i = 0; i < data.length; i++) image.data.set([r, g, b, data[i] as number], i * 4);
    context.putImageData(image, 0, 0);
  });
}

function active(): Layer | undefined {
  const document = currentDocument();
  return findLayer(document, document.activeLayer);
}
