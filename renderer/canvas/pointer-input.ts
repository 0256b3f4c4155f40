/**
 * Pointer, wheel and pen on the canvas: turns them into gestures of the tool in hand, or into changes of the view.
 */
import type { Disposable } from '../../app/base/disposable.ts';
import type { Point } from '../../app/document/document.ts';
import { type ToolId, toolStore } from '../stores/tool-store.ts';
import { setView, viewStore } from '../stores/view-store.ts';
import type { Gesture, PointerSample } from './tools/tool.ts';
import { TouchPinch } from './touch-pinch.ts';
import { pan, rotateAt, toPainting, zoomAt } from './view.ts';

const WHEEL_ZOOM = 0.0015;
/** Trackpads tell of two fingers as a wheel with Ctrl; 100 steps of it are a factor of e. */
const TRACKPAD_ZOOM = 0.01;
const WHEEL_TURN = 0.002;
const MIDDLE_BUTTON = 1;
/** The other end of a pen. */
const ERASER_BUTTON = 5;
/** Tools that take a colour of the painting while Alt is held. */
const PAINTS: ReadonlySet<ToolId> = new Set(['brush', 'line', 'rectangle', 'fill']);
const MOUSE_PRESSURE = 1;
/** A second finger that comes later than this after the first one does not take its stroke away: it may be a palm. */
const PINCH_MS = 400;

interface InputParts {
  /** A press with a tool in hand; undefined when nothing follows from it. */
  begin(tool: ToolId, start: PointerSample): Gesture | undefined;
  /** Where the pointer is over the canvas, or undefined when it left. */
  onHover(at: Point | undefined): void;
  /** A gesture has begun or ended. */
  onGesture(): void;
}

export class PointerInput implements Disposable {
  readonly #element: HTMLElement;
  readonly #parts: InputParts;
  readonly #stop = new AbortController();
  #gesture: Gesture | undefined;
  #panning: Point | undefined;
  readonly #touch = new TouchPinch();
  #began = 0;
  /** While Space is held, every tool is the hand. */
  #spaceHeld = false;

  constructor(element: HTMLElement, parts: InputParts) {
    this.#element = element;
    this.#parts = parts;
    const { signal } = this.#stop;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    element.addEventListener('pointerup', (event) => this.#up(event), { signal });
    element.addEventListener('pointercancel', (event) => this.#lost(event), { signal });
    element.addEventListener('pointerleave', () => parts.onHover(undefined), { signal });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    window.addEventListener('keydown', (event) => this.#key(event, true), { signal });
    window.addEventListener('keyup', (event) => this.#key(event, false), { signal });
    window.addEventListener('blur', () => this.#cancel(), { signal });
  }

  dispose(): void {
    this.#cancel();
    this.#stop.abort();
  }

  /** Whether a gesture is in progress. */
  get isPainting(): boolean {
    return this.#gesture !== undefined;
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === 'touch' && this.#fingerDown(event)) return;
    if (this.#gesture || this.#panning) return;
    const tool = toolOf(event);
    const isPan = event.button === MIDDLE_BUTTON || tool === 'hand' || this.#spaceHeld;
    if (!isPan && (tool === undefined || tool === 'frame' || tool === 'transform')) return;
    this.#element.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.#element.focus({ preventScroll: true });
    if (isPan || tool === undefined) this.#panning = this.#at(event);
    else {
      this.#began = event.timeStamp;
      this.#setGesture(this.#parts.begin(tool, this.#sample(event, this.#box())));
    }
  }

  /** Returns whether the finger moves the view, together with another one. */
  #fingerDown(event: PointerEvent): boolean {
    const isLate = this.#gesture !== undefined && event.timeStamp - this.#began > PINCH_MS;
    if (isLate) return true;
    this.#touch.down(event.pointerId, this.#at(event));
    if (!this.#touch.isPinching) return false;
    this.#cancel();
    this.#element.setPointerCapture(event.pointerId);
    event.preventDefault();
    return true;
  }

  #setGesture(gesture: Gesture | undefined): void {
    this.#gesture = gesture;
    this.#parts.onGesture();
  }

  #move(event: PointerEvent): void {
    const box = this.#box();
    const at = this.#at(event, box);
    const pinched = this.#touch.move(event.pointerId, at);
    if (this.#touch.isPinching) {
      if (pinched) setView(pinched);
      return;
    }
    this.#parts.onHover(at);
    // What others do for every move of the pointer, they need not do during a gesture here.
    if (this.#panning || this.#gesture) event.stopPropagation();
    if (this.#panning) {
      const { x, y } = this.#panning;
      setView((view) => pan(view, at.x - x, at.y - y));
      this.#panning = at;
    }
    if (!this.#gesture) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.#gesture.move((events.length > 0 ? events : [event]).map((part) => this.#sample(part, box)));
  }

  #up(event: PointerEvent): void {
    this.#touch.up(event.pointerId);
    this.#panning = undefined;
    const gesture = this.#gesture;
    if (!gesture) return;
    this.#setGesture(undefined);
    gesture.end(this.#sample(event, this.#box()));
  }

  #lost(event: PointerEvent): void {
    this.#touch.up(event.pointerId);
    this.#cancel();
  }

  #cancel(): void {
    this.#panning = undefined;
    this.#spaceHeld = false;
    const gesture = this.#gesture;
    if (!gesture) return;
    this.#setGesture(undefined);
    gesture.cancel();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const at = this.#at(event);
    if (event.altKey) setView((view) => rotateAt(view, at, event.deltaY * WHEEL_TURN));
    else if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || isMouseWheel(event)) {
      setView((view) => zoomAt(view, at, Math.exp(-event.deltaY * WHEEL_ZOOM)));
    } else if (event.ctrlKey || event.metaKey) {
      setView((view) => zoomAt(view, at, Math.exp(-event.deltaY * TRACKPAD_ZOOM)));
    } else setView((view) => pan(view, -event.deltaX, -event.deltaY));
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (event.key === 'Escape' && down && this.#gesture) {
      event.stopImmediatePropagation();
      this.#cancel();
    }
    if (event.code !== 'Space' || isTyping(event.target)) return;
    if (document.activeElement === this.#element || document.activeElement === document.body) event.preventDefault();
    this.#spaceHeld = down;
    this.#element.classList.toggle('cursor-grab', down);
  }

  /** Asked once for each event: the browser may have to lay the page out for it. */
  #box(): DOMRect {
    return this.#element.getBoundingClientRect();
  }

  #at(event: MouseEvent, { left, top } = this.#box()): Point {
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #sample(event: PointerEvent, box: DOMRect): PointerSample {
    const screen = this.#at(event, box);
    const { x, y } = toPainting(viewStore.getState().view, screen);
    const pressure = event.pointerType === 'pen' ? event.pressure : MOUSE_PRESSURE;
    return { x, y, pressure, screen, shift: event.shiftKey, alt: event.altKey };
  }
}

/** The tool that a press means: the one in hand, the eraser for a pen's other end, or none for other buttons. */
function toolOf({ button, altKey }: PointerEvent): ToolId | undefined {
  if (button === ERASER_BUTTON) return 'eraser';
  if (button !== 0) return undefined;
  const { tool } = toolStore.getState();
  return altKey && PAINTS.has(tool) ? 'picker' : tool;
}

/** Wheels of mice move in large vertical steps; trackpads pan. */
function isMouseWheel({ deltaX, deltaY }: WheelEvent): boolean {
  return deltaX === 0 && Math.abs(deltaY) >= 50;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName))
  );
}
