/**
 * What lies over the painting and belongs to no layer, drawn by Konva: the frame with its handles, the selection's outline, the
 * shape that a tool draws, the brush's circle, guides.
 */
import Konva from 'konva';
import type { Guide, PaintingDocument, Point, Rect, Selection } from '../../app/document/document.ts';
import type { Size, View } from './view.ts';

const ANTS_DASH = [5, 5];
const HANDLE = 9;
const GUIDE_LENGTH = 1e5;

export interface OverlayEvents {
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
    this.#world.add(this.#guides, this.#selection, this.#draft, this.#frame, this.#brush);
    this.#layer.add(this.#world, this.#handles);
    this.#stage.add(this.#layer);
    this.#frame.on('dragend transformend', () => this.#reportFrame());
    this.setFrameEditable(false);
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
    this.#handles.setAttrs({ anchorStroke: accent, anchorFill: ink });
    this.#layer.batchDraw();
  }

  /** Whether the frame can be dragged and resized. */
  setFrameEditable(editable: boolean): void {
    this.#frame.setAttrs({ draggable: editable, listening: editable });
    this.#handles.visible(editable);
    this.#stage.container().style.pointerEvents = editable ? 'auto' : 'none';
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
