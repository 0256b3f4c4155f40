/**
 * The map that a model follows, as it lies in the frame.
 */
import { controlLayer } from '../../app/document/control-layer.ts';
import type { Layer, PaintingDocument, Rect } from '../../app/document/document.ts';
import type { ControlMap, ModelDescription } from '../../app/generation/request.ts';
import { controlAtSize } from '../../app/imaging/control-size.ts';
import { nearestRegions } from '../../app/imaging/nearest-regions.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';
import { type Bitmap, createBitmap, rgbToBitmap } from './bitmap.ts';
import type { PaintingCanvas } from './painting-canvas.ts';

type Followed = Pick<ModelDescription, 'controls' | 'regions' | 'width' | 'height'>;

/** In the size of the model's pictures, with what is being painted on it; undefined when there is none. */
export function controlMap(
  painting: PaintingCanvas,
  document: PaintingDocument,
  { controls, regions, width, height }: Followed,
): ControlMap | undefined {
  const found = controlLayer(document, controls);
  if (!found) return undefined;
  const { layer, kind } = found;
  const pixels = layerPixels(painting, layer, document.frame);
  const known = kind === 'segmentation' && regions?.length ? nearestRegions(pixels, regions) : pixels;
  return { kind, image: controlAtSize(known, kind, width, height) };
}

/** A part of a layer as it is painted, however it is seen. */
export function layerPixels(painting: PaintingCanvas, layer: Layer, { x, y, width, height }: Rect): RgbaImage {
  const { context } = createBitmap(width, height);
  context.translate(-x, -y);
  const plain: Layer = { ...layer, opacity: 1, blend: 'normal', visible: true };
  painting.compositor.drawLayer(context, plain, { x, y, width, height });
  return context.getImageData(0, 0, width, height);
}

/** A map drawn into the frame of an empty canvas of the painting's size: its pixels stay what they are. */
export function placedMap(map: ControlMap['image'], { bounds }: PaintingCanvas, frame: Rect): Bitmap {
  const bitmap = createBitmap(bounds.width, bounds.height);
  bitmap.context.imageSmoothingEnabled = false;
  bitmap.context.drawImage(rgbToBitmap(map).canvas, frame.x, frame.y, frame.width, frame.height);
  return bitmap;
}
