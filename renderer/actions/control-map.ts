/**
 * Control maps: the one that a picture is painted over, and those that are made of pictures.
 */
import { controlLayer } from '../../app/document/control-layer.ts';
import type { Layer } from '../../app/document/document.ts';
import { addLayer, findLayer, newLayer, updateLayer } from '../../app/document/edits.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { type ControlMap, MAP_KINDS, type MapKind } from '../../app/generation/request.ts';
import { controlFromPicture } from '../../app/imaging/control-from-picture.ts';
import { controlAtSize } from '../../app/imaging/control-size.ts';
import { PREPROCESSORS } from '../../app/imaging/preprocessors.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';
import { controlSize } from '../../app/tasks/frame-control.ts';
import { readRgb } from '../canvas/bitmap.ts';
import { controlMap, layerPixels, placedMap } from '../canvas/control-map.ts';
import { canvas, drafts } from '../canvas/open-canvas.ts';
import { controlStore, currentMethod, type MapMethod } from '../stores/control-store.ts';
import { adjust, currentDocument, edit } from '../stores/document-store.ts';
import { description, modelSize } from '../stores/model-store.ts';
import { notify } from '../stores/notice-store.ts';
import { words } from '../text/words.ts';

/**
 * The map that the chosen model follows, or the picture that it changes; undefined for a model that needs neither.
 *
 * @param isArea whether the frame is painted as an area of several pictures: each gets its part of the map
 */
export function followedMap(isArea = false): ControlMap | 'missing' | undefined {
  const model = description();
  if (!model) return undefined;
  if (model.capabilities.includes('edits')) return pictureInFrame() ?? 'missing';
  if (model.controls.length === 0) return undefined;
  const document = currentDocument();
  return controlMap(canvas().painting, document, model, isArea ? document.frame : model) ?? 'missing';
}

/** The same as a part of a request. Undefined when the model needs what is not there; the person is told. */
export function mapForFrame(isArea: boolean): { readonly control?: ControlMap } | undefined {
  const map = followedMap(isArea);
  if (map !== 'missing') return map ? { control: map } : {};
  const texts = words().control;
  if (description()?.capabilities.includes('edits')) notify('info', texts.missingPicture);
  else notify('info', texts.missing, { action: { label: texts.makeOne, run: () => mapFromPicture() } });
  return undefined;
}

/** What words change; undefined where nothing is painted. */
function pictureInFrame(): ControlMap | undefined {
  const { canvas: picture, context } = canvas().painting.compositor.picture();
  const { frame } = currentDocument();
  const { x, y, width, height } = frame;
  const { data } = context.getImageData(x, y, width, height);
  if (!data.some((value, i) => i % 4 === 3 && value > 0)) return undefined;
  return { kind: 'source', image: readRgb(picture, frame, width, height) };
}

/** A new control map of all that is seen in the frame, as it was made last. */
export function mapFromPicture(): void {
  addMap(null);
}

/** A new control map of what is on the layer in hand. */
export function mapFromLayer(): void {
  addMap(currentDocument().activeLayer);
}

function addMap(source: string | null): void {
  const method = currentMethod();
  controlStore.setState({ source });
  const name = words().control.methods[method];
  const kind = kindOf(method);
  addControlLayer({ kind, image: mapOf(source, method, kind) }, name);
}

/** Makes the map on a layer anew, as one step of the history. */
export function remakeMap(layer: Layer): void {
  if (layer.locked) {
    notify('info', words().notice.layerLocked(layer.name));
    return;
  }
  const { painting } = canvas();
  const { frame } = currentDocument();
  const kind = kindOf(currentMethod(), layer);
  const { canvas: map } = placedMap(mapOf(sourceFor(layer), currentMethod(), kind), painting, frame);
  painting.change('edit.controlMap', layer, frame, ({ context }) => {
    const { x, y, width, height } = frame;
    context.clearRect(x, y, width, height);
    context.drawImage(map, x, y, width, height, x, y, width, height);
  });
  // Part of the same step: what the map shows goes with how it was made.
  adjust((document) => updateLayer(document, layer.id, { controlKind: kind }));
}

/** Shows what `remakeMap` would make, and nothing is changed. */
export function previewMap(layer: Layer): void {
  if (layer.locked) return;
  const { painting } = canvas();
  const { frame } = currentDocument();
  const method = currentMethod();
  const { canvas: map } = placedMap(mapOf(sourceFor(layer), method, kindOf(method, layer)), painting, frame);
  const { x: left, y: top, width, height } = frame;
  painting.preview(
    {
      layer: layer.id,
      paint: (context, surface, { x, y }) => {
        context.drawImage(surface, -x, -y);
        context.clearRect(left - x, top - y, width, height);
        context.drawImage(map, left, top, width, height, left - x, top - y, width, height);
      },
    },
    frame,
  );
  drafts.fire();
}

/** Puts the map of a request that was recalled over the frame, unless it lies there already. */
export function restoreMap(control: ControlMap | undefined): void {
  if (!control || !isMap(control)) return;
  const { width, height } = modelSize();
  const isArea = control.image.width !== width || control.image.height !== height;
  const now = followedMap(isArea);
  if (now && now !== 'missing' && sameMap(now, control)) return;
  addControlLayer(control, words().control.kinds[control.kind]);
}

/** Above all other control maps, so that it is the one that counts. */
function addControlLayer({ kind, image }: LayerMap, name: string): void {
  const { painting } = canvas();
  const document = currentDocument();
  const pixels = placedMap(image, painting, document.frame);
  const layer = painting.fillLayer({ ...newLayer('control', name), controlKind: kind }, pixels, document.frame);
  const above = controlLayer(document, description()?.controls ?? [])?.layer.id ?? document.activeLayer;
  edit('edit.controlMap', (current) => addLayer({ ...current, activeLayer: above }, layer));
}

/** A control map that can lie on a layer: not the picture that words change. */
type LayerMap = ControlMap & { readonly kind: MapKind };

function isMap(control: ControlMap): control is LayerMap {
  return MAP_KINDS.some((kind) => kind === control.kind);
}

/** A layer is never the source of itself. */
function sourceFor({ id }: Layer): string | null {
  const { source } = controlStore.getState();
  return source === id ? null : source;
}

/** What a method's maps show; where the method does not say, what the layer is, or what the model follows. */
function kindOf(method: MapMethod, layer?: Layer): MapKind {
  if (method !== 'plain') return PREPROCESSORS[method].kind;
  const controls = description()?.controls ?? [];
  return layer?.controlKind ?? controls[0] ?? 'depth';
}

/** The map of what lies in the frame, in the size of the model's pictures: lines are as thin as the model knows them. */
function mapOf(source: string | null, method: MapMethod, kind: MapKind): RgbImage {
  const image = sourcePixels(source);
  const size = controlSize(currentDocument().frame, modelSize());
  if (method === 'plain') return controlAtSize(image, kind, size.width, size.height);
  const settings = controlStore.getState().settings[method];
  return controlFromPicture(image, { preprocessor: method, settings, ...size }).image;
}

function sourcePixels(source: string | null): RgbaImage {
  const { painting } = canvas();
  const document = currentDocument();
  const layer = findLayer(document, source);
  if (layer) return layerPixels(painting, layer, document.frame);
  const { x, y, width, height } = document.frame;
  return painting.compositor.picture().context.getImageData(x, y, width, height);
}

function sameMap(one: ControlMap, other: ControlMap): boolean {
  const [a, b] = [one.image, other.image];
  if (one.kind !== other.kind || a.width !== b.width || a.height !== b.height) return false;
  return a.data.every((value, i) => value === b.data[i]);
}
