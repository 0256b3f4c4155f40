/**
 * The canvas of the studio: brings pointer, tools, painting and screen together. React only gives it an element to live in.
 */
import { type Disposable, disposable, disposeTogether } from '../../app/base/disposable.ts';
import type { PaintingDocument, Point, Rect } from '../../app/document/document.ts';
import { findLayer, snapFrame } from '../../app/document/edits.ts';
import { currentDocument, documentStore, edit } from '../stores/document-store.ts';
import { can, modelSize, modelStore, stepsOf } from '../stores/model-store.ts';
import { notify } from '../stores/notice-store.ts';
import { currentVariant, stagingStore } from '../stores/staging-store.ts';
import { type ToolId, toolStore } from '../stores/tool-store.ts';
import { fitPainting, resizeScreen, viewStore } from '../stores/view-store.ts';
import { words } from '../text/words.ts';
import { contentBounds, LayerTransform, type Matrix } from './layer-transform.ts';
import { CanvasOverlay } from './overlay.ts';
import { PaintingCanvas } from './painting-canvas.ts';
import { PointerInput } from './pointer-input.ts';
import { stagingOverlays } from './staging-overlays.ts';
import type { TileStore } from './tile-store.ts';
import { brushTool } from './tools/brush-tool.ts';
import { fillTool } from './tools/fill-tool.ts';
import { moveTool } from './tools/move-tool.ts';
import { pickerTool } from './tools/picker-tool.ts';
import { lassoTool, marqueeTool } from './tools/selection-tool.ts';
import { shapeTool } from './tools/shape-tool.ts';
import type { Easel, Tool } from './tools/tool.ts';
import { toPainting } from './view.ts';
import { Viewport } from './viewport.ts';

const GESTURES: Readonly<Partial<Record<ToolId, Tool>>> = {
  brush: brushTool(false),
  eraser: brushTool(true),
  line: shapeTool('line'),
  rectangle: shapeTool('rectangle'),
  fill: fillTool,
  picker: pickerTool,
  marquee: marqueeTool,
  lasso: lassoTool,
  move: moveTool,
};

/** Screen pixels within which points snap. */
const SNAP_DISTANCE = 6;

export class CanvasManager implements Disposable {
  readonly tiles: TileStore;
  painting: PaintingCanvas;
  readonly #viewport: Viewport;
  readonly #overlay: CanvasOverlay;
  readonly #parts: Disposable;
  readonly #element: HTMLElement;
  #transform: LayerTransform | undefined;
  #frameRequested = false;
  #redrawAll = true;

  constructor(element: HTMLElement, tiles: TileStore) {
    this.#element = element;
    this.tiles = tiles;
    this.#viewport = new Viewport(element);
    this.painting = this.#openPainting();
    this.#overlay = new CanvasOverlay(addLayerElement(element), {
      onFrame: (rect) => setFrame(rect),
      onTransform: (matrix, done) => this.#transformLayer(matrix, done),
    });
    const input = new PointerInput(element, {
      toolFor: (id) => GESTURES[id],
      easel: () => this.#easel(),
      onHover: (at) => this.#showBrush(at),
      intercept: (at) => this.#pickPlace(at),
    });
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(element);
    this.#parts = disposeTogether(
      input,
      disposable(() => resize.disconnect()),
      disposable(
        documentStore.subscribe(({ history }, before) =>
          this.#documentChanged(history.present, before.history.present),
        ),
      ),
      disposable(viewStore.subscribe(() => this.#viewChanged())),
      disposable(toolStore.subscribe(() => this.#toolChanged())),
      disposable(stagingStore.subscribe(() => this.redraw())),
      disposable(() => this.#overlay.dispose()),
    );
    this.#resize();
    this.#overlay.show(currentDocument());
    this.#toolChanged();
    this.themeChanged();
  }

  /** Takes the colours of the theme over. */
  themeChanged(): void {
    const style = getComputedStyle(this.#element);
    this.#overlay.setColors(style.getPropertyValue('--color-accent'), style.getPropertyValue('--color-ink'));
    this.redraw();
  }

  /** Draws all of the screen again in the next frame. */
  redraw(): void {
    this.#redrawAll = true;
    this.#requestFrame();
  }

  dispose(): void {
    this.#parts.dispose();
    this.#element.replaceChildren();
  }

  #openPainting(): PaintingCanvas {
    return new PaintingCanvas(currentDocument(), this.tiles, () => this.#requestFrame());
  }

  #documentChanged(document: PaintingDocument, before: PaintingDocument): void {
    const { width, height } = this.painting.bounds;
    if (document.width !== width || document.height !== height) {
      this.painting = this.#openPainting();
      fitPainting();
      this.redraw();
    } else this.painting.show(document);
    this.#overlay.show(document);
    if (toolStore.getState().tool === 'transform') this.#boxActiveLayer();
    if (document.frame !== before.frame) this.redraw();
  }

  #viewChanged(): void {
    this.#overlay.setView(viewStore.getState().view);
    this.redraw();
  }

  #toolChanged(): void {
    const { tool } = toolStore.getState();
    this.#overlay.setFrameEditable(tool === 'frame');
    this.#element.dataset.tool = tool;
    this.#overlay.setBrush(undefined, 0);
    this.#boxActiveLayer();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === 0 || height === 0) return;
    this.#viewport.resize({ width, height });
    this.#overlay.resize({ width, height });
    resizeScreen({ width, height });
    this.redraw();
  }

  #requestFrame(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => this.#drawFrame());
  }

  #drawFrame(): void {
    this.#frameRequested = false;
    const { compositor } = this.painting;
    const fresh = compositor.update();
    const { view } = viewStore.getState();
    const backdrop = getComputedStyle(this.#element).backgroundColor;
    if (this.#redrawAll) this.#viewport.setOverlays(stagingOverlays(this.painting));
    this.#viewport.draw(compositor.flat.canvas, view, backdrop, this.#redrawAll ? undefined : fresh);
    this.#redrawAll = false;
    if (compositor.isDirty) this.#requestFrame();
  }

  #showBrush(at: Point | undefined): void {
    const { tool, brush } = toolStore.getState();
    const round = tool === 'brush' || tool === 'eraser' || tool === 'line';
    const { view } = viewStore.getState();
    this.#overlay.setBrush(at && round ? toPainting(view, at) : undefined, brush.size);
  }

  /** Handles around the active layer while the tool for them is in hand. */
  #boxActiveLayer(): void {
    this.#transform = undefined;
    const target = toolStore.getState().tool === 'transform' ? this.#paintable() : undefined;
    const bounds = target && contentBounds(this.painting, target.layer);
    this.#overlay.setTransformBox(bounds && bounds.width > 0 ? bounds : undefined);
  }

  #transformLayer(matrix: Matrix, done: boolean): void {
    const target = this.#paintable();
    if (!target) return;
    this.#transform ??= new LayerTransform(this.painting, target.layer);
    if (done) this.#transform.apply(matrix);
    else this.#transform.show(matrix);
  }

  /** While doubt is shown, a click on the picture over the frame chooses the token there. */
  #pickPlace(at: Point): boolean {
    const variant = currentVariant();
    const { showConfidence, shownStep } = stagingStore.getState();
    if (!variant || !showConfidence || variant.entropy.length === 0) return false;
    const { frame, request } = variant;
    if (!can(request.model, 'alternatives')) return false;
    const steps = stepsOf(request.model);
    const step = shownStep ?? steps.length - 1;
    const side = Math.round(Math.sqrt(steps[step] ?? 1));
    const point = toPainting(viewStore.getState().view, at);
    const column = Math.floor(((point.x - frame.x) / frame.width) * side);
    const row = Math.floor(((point.y - frame.y) / frame.height) * side);
    if (column < 0 || row < 0 || column >= side || row >= side) return false;
    stagingStore.setState({ place: { step, position: row * side + column } });
    return true;
  }

  #easel(): Easel {
    const { painting } = this;
    return {
      flat: painting.compositor.flat,
      bounds: painting.bounds,
      paintable: () => this.#paintable(),
      draftBitmap: () => painting.draftBitmap(),
      selectionMask: () => painting.selectionMask(),
      preview: (effect, area) => painting.preview(effect, area),
      paint: (label, over, area, places) => painting.paint(label, over, area, places),
      change: (label, layer, area, draw) => painting.change(label, layer, area, draw),
      outline: (points, closed) => this.#overlay.setDraft(points, closed),
      colorAt: (point) => this.#colorAt(point),
      snap: (point) => snapped(point),
    };
  }

  #paintable(): ReturnType<Easel['paintable']> {
    const document = currentDocument();
    const layer = findLayer(document, document.activeLayer);
    const surface = layer && this.painting.surface(layer.id);
    if (!layer || !surface) return refuse(words().notice.noLayer);
    if (layer.locked) return refuse(words().notice.layerLocked(layer.name));
    if (!layer.visible) return refuse(words().notice.layerHidden(layer.name));
    if (currentVariant() && !modelStore.getState().live) return refuse(words().notice.stagedFirst);
    return { layer, surface };
  }

  #colorAt({ x, y }: Point): string | undefined {
    const [r, g, b, a] = this.painting.compositor.flat.context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
    if (!a) return undefined;
    return `#${[r, g, b].map((value) => (value ?? 0).toString(16).padStart(2, '0')).join('')}`;
  }
}

function refuse(message: string): undefined {
  notify('info', message);
  return undefined;
}

/** Above the painting; Konva makes its own canvas in it. */
function addLayerElement(element: HTMLElement): HTMLDivElement {
  const layer = document.createElement('div');
  layer.className = 'absolute inset-0';
  element.append(layer);
  return layer;
}

/** As one step of the history, brought to what the model can make. */
function setFrame(rect: Rect): void {
  edit('edit.frame', (document) => {
    const painting = { x: 0, y: 0, width: document.width, height: document.height };
    return { ...document, frame: snapFrame(rect, modelSize(), painting) };
  });
}

function snapped(point: Point): Point {
  const { snapping } = toolStore.getState();
  if (!snapping) return point;
  const { width, height, guides, frame } = currentDocument();
  const distance = SNAP_DISTANCE / viewStore.getState().view.scale;
  const toNearest = (value: number, lines: readonly number[]) =>
    lines.find((line) => Math.abs(line - value) <= distance) ?? value;
  const at = (axis: 'x' | 'y') => guides.filter((guide) => guide.axis === axis).map((guide) => guide.at);
  return {
    x: toNearest(point.x, [0, width, frame.x, frame.x + frame.width, ...at('x')]),
    y: toNearest(point.y, [0, height, frame.y, frame.y + frame.height, ...at('y')]),
  };
}
