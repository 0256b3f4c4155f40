/**
 * The generation frame over the painting: its line, its handles, and a label that says how large it is.
 */
import Konva from 'konva';
import type { Rect } from '../../app/document/document.ts';
import { toScreen, type View } from './view.ts';

const HANDLE = 9;
const LABEL_GAP = 6;

export interface OverlayColors {
  readonly accent: string;
  readonly onAccent: string;
  readonly ink: string;
}

export interface FrameEvents {
  /** The frame was dragged or resized; in pixels of the painting. */
  onFrame(rect: Rect): void;
  /** Where a frame that is being dragged is to go. */
  snapFrame(rect: Rect): Rect;
}

export class FrameOverlay {
  /** Goes into the group that lies like the painting. */
  readonly shapes: readonly Konva.Shape[];
  /** Go above it, in pixels of the screen. */
  readonly handles: Konva.Transformer;
  readonly label: Konva.Label;
  readonly #shadow = new Konva.Rect({
    listening: false,
    perfectDrawEnabled: false,
    strokeScaleEnabled: false,
    strokeWidth: 4,
    stroke: 'rgb(0 0 0 / 0.35)',
  });
  readonly #frame = new Konva.Rect({ perfectDrawEnabled: false, strokeScaleEnabled: false, strokeWidth: 2 });
  readonly #tag = new Konva.Tag({ cornerRadius: 4 });
  readonly #text = new Konva.Text({ fontSize: 11, fontFamily: 'Inter Variable, system-ui, sans-serif', padding: 4 });
  readonly #events: FrameEvents;
  #view: View = { x: 0, y: 0, scale: 1, rotation: 0 };

  constructor(events: FrameEvents) {
    this.#events = events;
    this.handles = new Konva.Transformer({
      nodes: [this.#frame],
      rotateEnabled: false,
      flipEnabled: false,
      keepRatio: true,
      anchorSize: HANDLE,
      anchorCornerRadius: 2,
      borderEnabled: false,
    });
    this.label = new Konva.Label({ listening: false });
    this.label.add(this.#tag, this.#text);
    this.shapes = [this.#shadow, this.#frame];
    this.#frame.on('dragmove', () => this.#frame.position(this.#events.snapFrame(this.#rect())));
    this.#frame.on('dragmove transform', () => this.#follow());
    this.#frame.on('dragend transformend', () => this.#events.onFrame(this.#rect()));
  }

  /** Whether it can be dragged and resized; only then it says its size. */
  setEditable(editable: boolean): void {
    this.#frame.setAttrs({ draggable: editable, listening: editable });
    this.handles.visible(editable);
    this.label.visible(editable);
  }

  get isEditable(): boolean {
    return this.handles.visible();
  }

  setColors({ accent, onAccent, ink }: OverlayColors): void {
    this.#frame.stroke(accent);
    this.#tag.fill(accent);
    this.#text.fill(onAccent);
    this.handles.setAttrs({ anchorStroke: accent, anchorFill: ink, borderStroke: accent });
  }

  setView(view: View): void {
    this.#view = view;
    this.#follow();
  }

  show(frame: Rect): void {
    this.#frame.setAttrs({ ...frame, scaleX: 1, scaleY: 1 });
    this.#follow();
  }

  /** Shadow and label go where the frame is just now. */
  #follow(): void {
    const { x, y, width, height } = this.#rect();
    this.#shadow.setAttrs({ x, y, width, height });
    this.#text.text(`${Math.round(width)} × ${Math.round(height)}`);
    const corner = toScreen(this.#view, { x, y });
    const rise = this.label.height() + LABEL_GAP;
    const { rotation } = this.#view;
    this.label.setAttrs({
      x: corner.x + rise * Math.sin(rotation),
      y: corner.y - rise * Math.cos(rotation),
      rotation: (rotation * 180) / Math.PI,
    });
  }

  #rect(): Rect {
    const { x, y } = this.#frame.position();
    const [width, height] = [this.#frame.width() * this.#frame.scaleX(), this.#frame.height() * this.#frame.scaleY()];
    return { x, y, width, height };
  }
}
