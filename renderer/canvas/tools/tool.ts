/**
 * What a tool is: it is told of the pointer while it is pressed, and changes the painting through what it is given.
 */
import type { Layer, Point, Rect } from '../../../app/document/document.ts';
import type { TilePlace } from '../../../app/document/rects.ts';
import type { Bitmap } from '../bitmap.ts';
import type { LayerEffect } from '../compositor.ts';
import type { LayerSurface } from '../layer-surface.ts';
import type { Lifted } from '../layer-transform.ts';
import type { PaintOver } from '../paint-over.ts';
import type { StrokePoint } from '../stroke.ts';

export interface PointerSample extends StrokePoint {
  /** CSS pixels of the canvas. */
  readonly screen: Point;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** The canvas as tools see it. */
export interface Easel {
  /** The active layer with its pixels, or undefined when it may not be painted on; the person is told why. */
  paintable(): { readonly layer: Layer; readonly surface: LayerSurface } | undefined;
  /** An empty canvas of the painting's size; one tool at a time has it. */
  draftBitmap(): Bitmap;
  /** What is selected of a layer, or all of it, apart from the rest. */
  lift(layer: Layer): Lifted;
  /** Cover of the selection, or undefined. */
  selectionMask(): OffscreenCanvas | undefined;
  /** Shows a change of a layer without making it. */
  preview(effect: LayerEffect | undefined, area: Rect): void;
  /** Paints pixels into a layer as one step of the history; `places` are the tiles that they touch, when that is known. */
  paint(label: string, over: PaintOver, area: Rect, places?: readonly TilePlace[]): void;
  /** Replaces a layer's pixels in an area as one step of the history; `draw` paints on its canvas. */
  change(label: string, layer: Layer, area: Rect, draw: (bitmap: Bitmap) => void): void;
  /** The outline of what is being drawn. */
  outline(points: readonly Point[], closed: boolean): void;
  /** Colour of the painting as it is seen. */
  colorAt(point: Point): string | undefined;
  /** All layers together. */
  readonly flat: Bitmap;
  /** The whole painting. */
  readonly bounds: Rect;
  /** To the nearest guide or edge, when snapping is on. */
  snap(point: Point): Point;
}

/** A gesture in progress. */
export interface Gesture {
  move(samples: readonly PointerSample[]): void;
  end(sample: PointerSample): void;
  /** Takes back what was shown. */
  cancel(): void;
}

export type Tool = (easel: Easel, start: PointerSample) => Gesture | undefined;
