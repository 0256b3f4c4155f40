/**
 * What lies over the painting and belongs to no layer, drawn by Konva: the frame with its handles, the selection's outline, the
 * shape that a tool draws, guides, the place whose alternatives are looked at.
 */
import Konva from 'konva';
import type { Guide, PaintingDocument, Point, Rect } from '../../app/document/document.ts';
import { type FrameEvents, FrameOverlay, type OverlayColors } from './frame-overlay.ts';
import type { Matrix } from './layer-transform.ts';
import type { Size, View } from './view.ts';

const ANTS_DASH = [5, 5];
const HANDLE = 9;
const GUIDE_LENGTH = 1e5;
const GUIDE_COLOR = '#22c3e6';

export interface OverlayEvents extends FrameEvents {
  /** The box around the layer is being dragged, resized or turned; the matrix is that of the change. */
  onTransform(matrix: Matrix, done: boolean): void;
}

/** A node that takes no part in hit tests. */
const PASSIVE = { listening: false, perfectDrawEnabled: false } as const;
const THIN = { ...PASSIVE, strokeScaleEnabled: false, strokeWidth: 1 } as const;

export class CanvasOverlay {
  readonly #stage: Konva.Stage;
  readonly #layer = new Konva.Layer();
  readonly #world = new Konva.Group();
  readonly #selection = new Konva.Group(PASSIVE);
  readonly #guides = new Konva.Group(PASSIVE);
  readonly #draftGuide = new Konva.Line({ ...THIN, stroke: GUIDE_COLOR, dash: ANTS_DASH, visible: false });
  readonly #draft = new Konva.Line({ ...THIN, strokeWidth: 1.5, dash: [4, 3] });
  readonly #place = new Konva.Rect({ ...THIN, strokeWidth: 2, visible: false });
  readonly #frame: FrameOverlay;
  readonly #box = new Konva.Rect({ draggable: true, fill: 'transparent', strokeScaleEnabled: false, strokeWidth: 1 });
  readonly #boxHandles = new Konva.Transformer({ nodes: [this.#box], keepRatio: false, anchorSize: HANDLE });
  #boxStart: Rect | undefined;
  readonly #events: OverlayEvents;

  constructor(container: HTMLDivElement, events: OverlayEvents) {
    this.#events = events;
    this.#stage = new Konva.Stage({ container, width: 1, height: 1 });
    this.#frame = new FrameOverlay(events);
    const flat = [this.#guides, this.#draftGuide, this.#selection, this.#draft];
    this.#world.add(...flat, ...this.#frame.shapes, this.#place, this.#box);
    this.#layer.add(this.#world, this.#frame.label, this.#frame.handles, this.#boxHandles);
    this.#stage.add(this.#layer);
    this.#box.on('dragmove transform', () => this.#reportTransform(false));
    this.#box.on('dragend transformend', () => this.#reportTransform(true));
    this.setFrameEditable(false);
    this.setTransformBox(undefined);
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height });
  }

  setView(view: View): void {
    const { x, y, scale, rotation } = view;
    this.#world.setAttrs({ x, y, scaleX: scale, scaleY: scale, rotation: (rotation * 180) / Math.PI });
    this.#frame.setView(view);
    this.#layer.batchDraw();
  }

  setColors(colors: OverlayColors): void {
    const { accent, ink } = colors;
    this.#frame.setColors(colors);
    this.#draft.stroke(accent);
    this.#place.stroke(accent);
    this.#box.stroke(accent);
    this.#boxHandles.setAttrs({ anchorStroke: accent, anchorFill: ink, borderStroke: accent });
    this.#layer.batchDraw();
  }

  /** Whether the frame can be dragged and resized. */
  setFrameEditable(editable: boolean): void {
    this.#frame.setEditable(editable);
    this.#takePointer();
    this.#layer.batchDraw();
  }

  /** Puts handles around what can be transformed, or takes them away. */
  setTransformBox(bounds: Rect | undefined): void {
    this.#boxStart = bounds;
    this.#box.visible(bounds !== undefined);
    this.#boxHandles.visible(bounds !== undefined);
    if (bounds) this.#box.setAttrs({ ...bounds, scaleX: 1, scaleY: 1, rotation: 0 });
    this.#takePointer();
    this.#layer.batchDraw();
  }

  show({ frame, guides }: PaintingDocument): void {
    this.#frame.show(frame);
    this.#showGuides(guides);
    this.#layer.batchDraw();
  }

  /** The selection's edge in black and white dashes, which are seen on every ground. */
  setSelection(outline: readonly (readonly Point[])[]): void {
    this.#selection.destroyChildren();
    for (const polygon of outline) {
      const points = polygon.flatMap(({ x, y }) => [x, y]);
      this.#selection.add(new Konva.Line({ ...THIN, points, closed: true, stroke: '#fff' }));
      this.#selection.add(new Konva.Line({ ...THIN, points, closed: true, stroke: '#000', dash: ANTS_DASH }));
    }
    this.#layer.batchDraw();
  }

  /** A guide that is being dragged; undefined for none. */
  setDraftGuide(guide: Guide | undefined): void {
    this.#draftGuide.visible(guide !== undefined);
    if (guide) this.#draftGuide.points(guidePoints(guide));
    this.#layer.batchDraw();
  }

  /** The outline that a tool draws just now; empty for none. */
  setDraft(points: readonly Point[], closed: boolean): void {
    this.#draft.points(points.flatMap(({ x, y }) => [x, y])).closed(closed);
    this.#layer.batchDraw();
  }

  /** The token whose alternatives are looked at; undefined for none. */
  setPlace(rect: Rect | undefined): void {
    if (!rect && !this.#place.visible()) return;
    this.#place.setAttrs({ ...rect, visible: rect !== undefined });
    this.#layer.batchDraw();
  }

  dispose(): void {
    this.#stage.destroy();
  }

  /** Only handles take the pointer: all else is the tools'. */
  #takePointer(): void {
    const taken = this.#frame.isEditable || this.#boxStart !== undefined;
    this.#stage.container().style.pointerEvents = taken ? 'auto' : 'none';
    // A layer that listens is drawn twice: once more for finding what is under the pointer.
    this.#layer.listening(taken);
  }

  #reportTransform(done: boolean): void {
    if (!this.#boxStart) return;
    const { x, y } = this.#boxStart;
    const matrix = this.#box.getTransform().copy().translate(-x, -y).getMatrix();
    this.#events.onTransform(matrix as unknown as Matrix, done);
  }

  #showGuides(guides: readonly Guide[]): void {
    this.#guides.destroyChildren();
    for (const guide of guides)
      this.#guides.add(new Konva.Line({ ...THIN, points: guidePoints(guide), stroke: GUIDE_COLOR }));
  }
}

function guidePoints({ axis, at }: Guide): number[] {
  return axis === 'x' ? [at, -GUIDE_LENGTH, at, GUIDE_LENGTH] : [-GUIDE_LENGTH, at, GUIDE_LENGTH, at];
}
