/**
 * How the painting lies on the screen.
 */
import { createStore } from 'zustand/vanilla';
import type { Point } from '../../app/document/document.ts';
import { fitView, rotateAt, type Size, type View, zoomAt } from '../canvas/view.ts';
import { currentDocument } from './document-store.ts';

interface ViewState {
  readonly view: View;
  readonly screen: Size;
  /** What the view was fitted to last and still shows whole; it stays fitted when the window changes. */
  readonly fitted: 'painting' | 'frame' | null;
}

export const viewStore = createStore<ViewState>(() => ({
  view: { x: 0, y: 0, scale: 1, rotation: 0 },
  screen: { width: 1, height: 1 },
  fitted: 'painting',
}));

export function setView(change: (view: View) => View): void {
  viewStore.setState(({ view }) => ({ view: change(view), fitted: null }));
}

export function fitPainting(): void {
  const { width, height } = currentDocument();
  viewStore.setState(({ screen }) => ({
    view: fitView({ x: 0, y: 0, width, height }, screen),
    fitted: 'painting',
  }));
}

/** The canvas has another size now. */
export function resizeScreen(screen: Size): void {
  viewStore.setState({ screen });
  const { fitted } = viewStore.getState();
  if (fitted === 'painting') fitPainting();
  else if (fitted === 'frame') fitFrame();
}

export function fitFrame(): void {
  viewStore.setState(({ screen }) => ({ view: fitView(currentDocument().frame, screen), fitted: 'frame' }));
}

function middle({ width, height }: Size): Point {
  return { x: width / 2, y: height / 2 };
}

/** Around the middle of the screen. */
export function zoomBy(factor: number): void {
  viewStore.setState(({ view, screen }) => ({ view: zoomAt(view, middle(screen), factor), fitted: null }));
}

export function turnUpright(): void {
  viewStore.setState(({ view, screen }) => ({
    view: { ...rotateAt(view, middle(screen), -view.rotation), rotation: 0 },
    fitted: null,
  }));
}

export function rotateBy(angle: number): void {
  viewStore.setState(({ view, screen }) => ({ view: rotateAt(view, middle(screen), angle), fitted: null }));
}
