/**
 * The canvas of the studio: brings pointer, tools, painting and screen together. React only gives it an element to live in.
 */
import { type Disposable, disposable, disposeTogether } from '../../app/base/disposable.ts';
import type { Guide, PaintingDocument, Point } from '../../app/document/document.ts';
import { findLayer } from '../../app/document/edits.ts';
import { isEmpty, unite } from '../../app/document/rects.ts';
import { currentDocument, documentStore } from '../stores/document-store.ts';
import { modelStore } from '../stores/model-store.ts';
import { notify } from '../stores/notice-store.ts';
import { currentVariant, stagingStore } from '../stores/staging-store.ts';
import { type ToolId, toolStore } from '../stores/tool-store.ts';
import { fitPainting, resizeScreen, viewStore } from '../stores/view-store.ts';
import { words } from '../text/words.ts';
import { BrushCursor } from './brush-cursor.ts';
import { LayerTransform, liftPixels, type Matrix } from './layer-transform.ts';
import { CanvasOverlay } from './overlay.ts';
import { PaintingCanvas } from './painting-canvas.ts';
import { PointerInput } from './pointer-input.ts';
import { selectionOutline } from './selection-outline.ts';
import { setFrame } from './set-frame.ts';
import { snapPoint, snapRect } from './snapping.ts';
import { placeRect, stagingOverlays } from './staging-overlays.ts';
import type { TileStore } from './tile-store.ts';
import { brushTool } from './tools/brush-tool.ts';
import { compareAt } from './tools/compare-tool.ts';
import { fillTool } from './tools/fill-tool.ts';
import { dragGuide } from './tools/guide-tool.ts';
import { movePixels, moveTool } from './tools/move-tool.ts';
import { pickerTool } from './tools/picker-tool.ts';
import { choosePlace } from './tools/place-tool.ts';
import { lassoTool, marqueeTool } from './tools/selection-tool.ts';
import { shapeTool } from './tools/shape-tool.ts';
import type { Easel, Gesture, PointerSample, Tool } from './tools/tool.ts';
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
/** Tools that change where a layer is transparent, besides painting on it. */
const CHANGES_ALPHA: ReadonlySet<ToolId> = new Set(['eraser', 'move', 'transform']);
/** Screen pixels within which a guide is taken hold of. */
const GUIDE_REACH = 5;

export class CanvasManager implements Disposable {
  readonly tiles: TileStore;
  painting: PaintingCanvas;
  readonly #viewport: Viewport;
  readonly #overlay: CanvasOverlay;
  readonly #cursor: BrushCursor;
  readonly #input: PointerInput;
  readonly #parts: Disposable;
  readonly #element: HTMLElement;
  readonly #onDraft: () => void;
  #transform: LayerTransform | undefined;
  #isTransforming = false;
  #frameRequested = false;
  #redrawAll = true;
  #overlaysChanged = true;
  /** Where the pointer is over the canvas. */
  #hover: Point | undefined;

  /** @param onDraft told that a gesture shows something which is not yet a part of the painting */
  constructor(element: HTMLElement, tiles: TileStore, onDraft: () => void) {
    this.#element = element;
    this.#onDraft = onDraft;
    this.tiles = tiles;
    this.#viewport = new Viewport(element);
    this.painting = this.#openPainting();
    this.#overlay = new CanvasOverlay(addLayerElement(element), {
      onFrame: (rect) => setFrame(() => rect),
      snapFrame: (rect) => snapRect(rect, false),
      onTransform: (matrix, done) => this.#transformLayer(matrix, done),
    });
    this.#cursor = new BrushCursor(element);
    this.#input = new PointerInput(element, {
      begin: (tool, start) => this.#begin(tool, start),
      onHover: (at) => {
        this.#hover = at;
        this.#showBrush();
      },
      onGesture: () => this.#overlaysChange(),
    });
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(element);
    this.#parts = disposeTogether(
      this.#input,
      disposable(() => resize.disconnect()),
      disposable(
        documentStore.subscribe(({ history }, before) =>
          this.#documentChanged(history.present, before.history.present),
        ),
      ),
      disposable(viewStore.subscribe(() => this.#viewChanged())),
      disposable(toolStore.subscribe((state, before) => this.#toolChanged(state.tool !== before.tool))),
      disposable(stagingStore.subscribe(() => this.#stagingChanged())),
      disposable(() => this.#overlay.dispose()),
    );
    this.#resize();
    this.#overlay.show(currentDocument());
    this.#toolChanged(true);
    this.themeChanged();
  }

  /** Takes the colours of the theme over. */
  themeChanged(): void {
    const style = getComputedStyle(this.#element);
    const color = (name: string) => style.getPropertyValue(name);
    this.#overlay.setColors({
      accent: color('--color-accent'),
      onAccent: color('--color-on-accent'),
      ink: color('--color-ink'),
    });
    this.#viewport.setColors({
      backdrop: style.backgroundColor,
      paper: color('--paper'),
      paperShade: color('--paper-shade'),
    });
    this.redraw();
  }

  /** Draws all of the screen again in the next frame. */
  redraw(): void {
    this.#redrawAll = true;
    this.#overlaysChange();
  }

  /** Shows a guide that is being dragged out of a ruler. */
  showDraftGuide(guide: Guide | undefined): void {
    this.#overlay.setDraftGuide(guide);
  }

  /** Moves the active layer's pixels, or those that are selected. */
  moveBy(shift: Point): void {
    movePixels(this.#easel('move'), shift);
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
    if (document.selection !== before.selection) this.#overlay.setSelection(selectionOutline(document));
    if (!this.#isTransforming) this.#boxActiveLayer();
    if (document.frame !== before.frame) this.redraw();
  }

  #viewChanged(): void {
    this.#overlay.setView(viewStore.getState().view);
    this.#showBrush();
    this.redraw();
  }

  #toolChanged(isOther: boolean): void {
    const { tool } = toolStore.getState();
    this.#element.dataset.tool = tool;
    this.#showBrush();
    if (!isOther) return;
    this.#overlay.setFrameEditable(tool === 'frame');
    if (tool === 'transform') this.#paintable(tool);
    this.#boxActiveLayer();
  }

  #stagingChanged(): void {
    this.#overlay.setPlace(placeRect());
    this.#overlaysChange();
  }

  /** Looks in the next frame what lies over the painting. */
  #overlaysChange(): void {
    this.#overlaysChanged = true;
    this.#requestFrame();
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
    const { view } = viewStore.getState();
    let fresh = compositor.update();
    if (this.#overlaysChanged) {
      const overlays = stagingOverlays(this.painting, this.#input.isPainting);
      fresh = unite(fresh, this.#viewport.setOverlays(overlays, view));
    }
    if (this.#redrawAll) this.#viewport.draw(compositor.flat.canvas, view);
    else if (!isEmpty(fresh)) this.#viewport.draw(compositor.flat.canvas, view, fresh);
    this.#redrawAll = false;
    this.#overlaysChanged = false;
    if (compositor.isDirty) this.#requestFrame();
  }

  #showBrush(): void {
    const { tool, brush } = toolStore.getState();
    const round = tool === 'brush' || tool === 'eraser' || tool === 'line';
    this.#cursor.show(round ? this.#hover : undefined, brush.size * viewStore.getState().view.scale);
  }

  /** What a press of the pointer begins. */
  #begin(tool: ToolId, start: PointerSample): Gesture | undefined {
    const compare = compareAt(start);
    if (compare) return compare;
    if (choosePlace(start)) return undefined;
    const guide = tool === 'move' ? this.#guideAt(start) : undefined;
    if (guide) return dragGuide(guide, (draft) => this.#overlay.setDraftGuide(draft));
    return GESTURES[tool]?.(this.#easel(tool), start);
  }

  #guideAt(point: Point): Guide | undefined {
    const reach = GUIDE_REACH / viewStore.getState().view.scale;
    return currentDocument().guides.find(({ axis, at }) => Math.abs(point[axis] - at) <= reach);
  }

  /** Handles around what the tool for them would change. */
  #boxActiveLayer(): void {
    const target = toolStore.getState().tool === 'transform' ? this.#target('transform') : undefined;
    this.#transform =
      target && 'layer' in target
        ? new LayerTransform(this.painting, target.layer, currentDocument().selection)
        : undefined;
    const bounds = this.#transform?.bounds;
    this.#overlay.setTransformBox(bounds && bounds.width > 0 ? bounds : undefined);
  }

  #transformLayer(matrix: Matrix, done: boolean): void {
    if (!this.#transform) return;
    if (!done) {
      this.#transform.show(matrix);
      return;
    }
    this.#isTransforming = true;
    this.#transform.apply(matrix);
    this.#isTransforming = false;
  }

  #easel(tool: ToolId): Easel {
    const { painting } = this;
    return {
      flat: painting.compositor.flat,
      bounds: painting.bounds,
      paintable: () => this.#paintable(tool),
      draftBitmap: () => painting.draftBitmap(),
      selectionMask: () => painting.selectionMask(),
      lift: (layer) => liftPixels(painting, layer),
      preview: (effect, area) => {
        painting.preview(effect, area);
        if (effect) this.#onDraft();
      },
      paint: (label, over, area, places) => painting.paint(label, over, area, places),
      change: (label, layer, area, draw) => painting.change(label, layer, area, draw),
      outline: (points, closed) => this.#overlay.setDraft(points, closed),
      colorAt: (point) => this.#colorAt(point),
      snap: snapPoint,
    };
  }

  #paintable(tool: ToolId): ReturnType<Easel['paintable']> {
    const target = this.#target(tool);
    if ('layer' in target) return target;
    notify('info', target.refusal);
    return undefined;
  }

  /** The active layer, or why the tool may not change it. */
  #target(tool: ToolId): NonNullable<ReturnType<Easel['paintable']>> | { readonly refusal: string } {
    const texts = words().notice;
    const document = currentDocument();
    const layer = findLayer(document, document.activeLayer);
    const surface = layer && this.painting.surface(layer.id);
    if (!layer || !surface) return { refusal: texts.noLayer };
    if (layer.locked) return { refusal: texts.layerLocked(layer.name) };
    if (!layer.visible) return { refusal: texts.layerHidden(layer.name) };
    if (layer.alphaLocked && CHANGES_ALPHA.has(tool)) return { refusal: texts.alphaLocked(layer.name) };
    if (currentVariant() && !modelStore.getState().live) return { refusal: texts.stagedFirst };
    return { layer, surface };
  }

  #colorAt({ x, y }: Point): string | undefined {
    const [r, g, b, a] = this.painting.compositor.flat.context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
    if (!a) return undefined;
    return `#${[r, g, b].map((value) => (value ?? 0).toString(16).padStart(2, '0')).join('')}`;
  }
}

/** Above the painting; Konva makes its own canvas in it. */
function addLayerElement(element: HTMLElement): HTMLDivElement {
  const layer = document.createElement('div');
  layer.className = 'absolute inset-0';
  element.append(layer);
  return layer;
}
