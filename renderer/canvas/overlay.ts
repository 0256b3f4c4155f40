/**
 * What lies over the painting and belongs to no layer, drawn by Konva: the frame with its handles, the selection's outline, the
 * shape that a tool draws, the brush's circle, guides.
 */
import Konva from 'konva';
import type { Guide, PaintingDocument, Point, Rect, Selection } from '../../app/document/document.ts';
import type { Matrix } from './layer-transform.ts';
import type { Size, View } from './view.ts';

const ANTS_DASH = [5, 5];
const HANDLE = 9;
const GUIDE_LENGTH = 1e5;

export interface OverlayEvents {
  /** The box around the layer is being dragged, resized or turned; the matrix is that of the change. */
  onTransform(matrix: Matrix, done: boolean): void;
  /** The frame was dragged or resized; in pixels of the painting. */
  onFrame(rect: Rect): void;
}

/** A node that takes no part in hit tests. */
const PASSIVE = { listening: false, perfectDrawEnabled: false } as const;

export class CanvasOverlay {
  readonly #stage: Konva.Stage;
  readonly #layer = new Konva.Layer();
  readonly #world = new Konva.Group();
  readonly #selection = new Konva.Group(PASSIVE);
  readonly #guides = new Konva.Group(PASSIVE);
  readonly #draft = new Konva.Line({ ...PASSIVE, strokeScaleEnabled: false, strokeWidth: 1.5, dash: [4, 3] });
  readonly #frame = new Konva.Rect({ perfectDrawEnabled: false, strokeScaleEnabled: false, strokeWidth: 2 });
  readonly #handles: Konva.Transformer;
  readonly #box = new Konva.Rect({ draggable: true, fill: 'transparent', strokeScaleEnabled: false, strokeWidth: 1 });
  readonly #boxHandles = new Konva.Transformer({ nodes: [this.#box], keepRatio: false, anchorSize: HANDLE });
  #boxStart: Rect | undefined;
  readonly #brush = new Konva.Circle({ ...PASSIVE, strokeScaleEnabled: false, strokeWidth: 1, visible: false });
  readonly #events: OverlayEvents;

  constructor(container: HTMLDivElement, events: OverlayEvents) {
    this.#events = events;
    this.#stage = new Konva.Stage({ container, width: 1, height: 1 });
    this.#handles = new Konva.Transformer({
      nodes: [this.#frame],
      rotateEnabled: false,
      flipEnabled: false,
      keepRatio: true,
      enabledAnchors: ['top-left', 'top-right', 'bottom-left', 'bottom-right'],
      anchorSize: HANDLE,
      anchorCornerRadius: 2,
      borderEnabled: false,
    });
    this.#brush.strokeWidth(1.5);
    this.#world.add(this.#guides, this.#selection, this.#draft, this.#frame, this.#box, this.#brush);
    this.#layer.add(this.#world, this.#handles, this.#boxHandles);
    this.#stage.add(this.#layer);
    this.#frame.on('dragend transformend', () => this.#reportFrame());
    this.#box.on('dragmove transform', () => this.#reportTransform(false));
    this.#box.on('dragend transformend', () => this.#reportTransform(true));
    this.setFrameEditable(false);
    this.setTransformBox(undefined);
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height });
  }

  setView({ x, y, scale, rotation }: View): void {
    this.#world.setAttrs({ x, y, scaleX: scale, scaleY: scale, rotation: (rotation * 180) / Math.PI });
    this.#layer.batchDraw();
  }

  setColors(accent: string, ink: string): void {
    this.#frame.stroke(accent);
    this.#draft.stroke(accent);
    this.#brush.stroke(ink);
    this.#box.stroke(accent);
    for (const handles of [this.#handles, this.#boxHandles]) {
      handles.setAttrs({ anchorStroke: accent, anchorFill: ink, borderStroke: accent });
    }
    this.#layer.batchDraw();
  }

  /** Whether the frame can be dragged and resized. */
  setFrameEditable(editable: boolean): void {
    this.#frame.setAttrs({ draggable: editable, listening: editable });
    this.#handles.visible(editable);
    this.#takePointer();
    this.#layer.batchDraw();
  }

  /** Puts handles around the layer's pixels, or takes them away. */
  setTransformBox(bounds: Rect | undefined): void {
    this.#boxStart = bounds;
    this.#box.visible(bounds !== undefined);
    this.#boxHandles.visible(bounds !== undefined);
    if (bounds) this.#box.setAttrs({ ...bounds, scaleX: 1, scaleY: 1, rotation: 0 });
    this.#takePointer();
    this.#layer.batchDraw();
  }

  show({ frame, selection, guides }: PaintingDocument): void {
    this.#frame.setAttrs({ ...frame, scaleX: 1, scaleY: 1 });
    this.#showSelection(selection);
    this.#showGuides(guides);
    this.#layer.batchDraw();
  }

  /** The outline that a tool draws just now; empty for none. */
  setDraft(points: readonly Point[], closed: boolean): void {
    this.#draft.points(points.flatMap(({ x, y }) => [x, y])).closed(closed);
    this.#layer.batchDraw();
  }

  setBrush(at: Point | undefined, diameter: number): void {
    this.#brush.visible(at !== undefined);
    if (at) this.#brush.setAttrs({ x: at.x, y: at.y, radius: diameter / 2 });
    this.#layer.batchDraw();
  }

  dispose(): void {
    this.#stage.destroy();
  }

  /** Only handles take the pointer: all else is the tools'. */
  #takePointer(): void {
    const taken = this.#handles.visible() || this.#boxStart !== undefined;
    this.#stage.container().style.pointerEvents = taken ? 'auto' : 'none';
  }

  #reportTransform(done: boolean): void {
    if (!this.#boxStart) return;
    const { x, y } = this.#boxStart;
    const matrix = this.#box.getTransform().copy().translate(-x, -y).getMatrix();
    this.#events.onTransform(matrix as unknown as Matrix, done);
  }

  #reportFrame(): void {
    const { x, y } = this.#frame.position();
    this.#events.onFrame({
      x,
      y,
      width: this.#frame.width() * this.#frame.scaleX(),
      height: this.#frame.height() * this.#frame.scaleY(),
    });
  }

  /** Black and white dashes, which are seen on every ground. */
  #showSelection(selection: Selection | null): void {
    this.#selection.destroyChildren();
    for (const { points } of selection?.parts ?? []) {
      const flat = points.flatMap(({ x, y }) => [x, y]);
      const line = { ...PASSIVE, points: flat, closed: true, strokeScaleEnabled: false, strokeWidth: 1 };
      this.#selection.add(new Konva.Line({ ...line, stroke: '#fff' }));
      this.#selection.add(new Konva.Line({ ...line, stroke: '#000', dash: ANTS_DASH }));
    }
  }

  #showGuides(guides: readonly Guide[]): void {
    this.#guides.destroyChildren();
    for (const { axis, at } of guides) {
      const points = axis === 'x' ? [at, -GUIDE_LENGTH, at, GUIDE_LENGTH] : [-GUIDE_LENGTH, at, GUIDE_LENGTH, at];
      this.#guides.add(
        new Konva.Line({ ...PASSIVE, points, stroke: '#22c3e6', strokeScaleEnabled: false, strokeWidth: 1 }),
      );
    }
  }
}
