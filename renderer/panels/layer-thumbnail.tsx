/**
 * A layer in small. It is drawn while nothing else is to be done: a stroke must not wait for it.
 */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Layer } from '../../app/document/document.ts';
import { createBitmap } from '../canvas/bitmap.ts';
import { canvasIfOpen } from '../canvas/open-canvas.ts';
import { showBitmap } from '../canvas/show-bitmap.ts';
import { documentStore } from '../stores/document-store.ts';

/** Side in CSS pixels. */
const SIDE = 36;
/** After a change, in milliseconds. */
const DELAY_MS = 250;

export function LayerThumbnail({ layer: { id, tiles } }: { readonly layer: Layer }) {
  const ref = useRef<HTMLImageElement>(null);
  const width = useStore(documentStore, ({ history }) => history.present.width);
  const height = useStore(documentStore, ({ history }) => history.present.height);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other tiles are a reason to draw again
  useEffect(() => {
    const timer = setTimeout(() => {
      const source = canvasIfOpen()?.painting.surface(id)?.bitmap.canvas;
      if (!ref.current || !source) return;
      const side = Math.round(SIDE * window.devicePixelRatio);
      const bitmap = createBitmap(side, side);
      const factor = side / Math.max(source.width, source.height);
      const [w, h] = [source.width * factor, source.height * factor];
      bitmap.context.drawImage(source, (side - w) / 2, (side - h) / 2, w, h);
      showBitmap(ref.current, bitmap);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [id, tiles, width, height]);
  return (
    <img
      ref={ref}
      alt=""
      width={SIDE}
      height={SIDE}
      draggable={false}
      className="shrink-0 rounded-[5px] border border-edge bg-[conic-gradient(var(--paper)_25%,var(--paper-shade)_0_50%,var(--paper)_0_75%,var(--paper-shade)_0)] bg-size-[8px_8px]"
    />
  );
}
