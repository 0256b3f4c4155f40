/**
 * Rulers along the canvas, in pixels of the painting. A guide is dragged out of them.
 */
import { type PointerEvent, useEffect, useRef } from 'react';
import type { Guide } from '../../app/document/document.ts';
import { addGuideAt } from '../actions/guides.ts';
import { canvasIfOpen } from '../canvas/open-canvas.ts';
import { RULER, toPainting, toScreen } from '../canvas/view.ts';
import { settingsStore } from '../stores/settings-store.ts';
import { viewStore } from '../stores/view-store.ts';
import { useWords } from '../text/words.ts';

/** Least distance of labelled ticks on the screen. */
const LABEL_DISTANCE = 56;

type Axis = 'x' | 'y';

export function Ruler({ axis }: { readonly axis: Axis }) {
  const words = useWords().canvas;
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => ref.current && drawRuler(ref.current, axis));
    };
    draw();
    const stops = [viewStore.subscribe(draw), settingsStore.subscribe(draw)];
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    };
  }, [axis]);
  const place =
    axis === 'x' ? 'top-0 left-[18px] h-[18px] w-[calc(100%-18px)]' : 'top-[18px] left-0 h-[calc(100%-18px)] w-[18px]';
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={axis === 'x' ? words.rulerX : words.rulerY}
      className={`absolute z-10 touch-none bg-panel ${place} ${axis === 'x' ? 'cursor-row-resize' : 'cursor-col-resize'}`}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => event.buttons > 0 && canvasIfOpen()?.showDraftGuide(guideUnder(event, axis))}
      onPointerUp={(event) => dropGuide(event, axis)}
    />
  );
}

/** The horizontal ruler gives horizontal guides, as it is dragged away from. */
function guideUnder(event: PointerEvent<HTMLCanvasElement>, axis: Axis): Guide | undefined {
  const canvas = document.getElementById('canvas');
  if (!canvas) return undefined;
  const { left, top } = canvas.getBoundingClientRect();
  const screen = { x: event.clientX - left, y: event.clientY - top };
  if ((axis === 'x' ? screen.y : screen.x) <= RULER) return undefined;
  const point = toPainting(viewStore.getState().view, screen);
  return axis === 'x' ? { axis: 'y', at: Math.round(point.y) } : { axis: 'x', at: Math.round(point.x) };
}

function dropGuide(event: PointerEvent<HTMLCanvasElement>, axis: Axis): void {
  canvasIfOpen()?.showDraftGuide(undefined);
  const guide = guideUnder(event, axis);
  if (guide) addGuideAt(guide);
}

function drawRuler(canvas: HTMLCanvasElement, axis: Axis): void {
  const { clientWidth, clientHeight } = canvas;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  context.scale(ratio, ratio);
  context.fillStyle = context.strokeStyle = style.color;
  context.globalAlpha = 0.75;
  context.font = `9px ${style.fontFamily}`;
  const { view } = viewStore.getState();
  // A turned painting has no one number for a place along the edge.
  if (view.rotation !== 0) return;
  const length = axis === 'x' ? clientWidth : clientHeight;
  const step = tickStep(view.scale);
  const origin = toScreen(view, { x: 0, y: 0 })[axis] - RULER;
  const first = Math.floor(-origin / view.scale / step) * step;
  for (let value = first; origin + value * view.scale < length; value += step) {
    drawTick(context, axis, origin + value * view.scale, String(value));
  }
}

function drawTick(context: CanvasRenderingContext2D, axis: Axis, at: number, label: string): void {
  context.save();
  if (axis === 'x') context.translate(at, 0);
  else {
    context.translate(0, at);
    context.rotate(-Math.PI / 2);
  }
  context.fillRect(0, RULER / 2, 1, RULER / 2);
  context.fillText(label, 3, 9);
  context.restore();
}

/** 1, 2 or 5 times a power of ten, so that labels do not meet. */
function tickStep(scale: number): number {
  const least = LABEL_DISTANCE / scale;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
