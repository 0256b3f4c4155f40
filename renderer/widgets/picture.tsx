/**
 * An RGB picture as an element.
 */
import { useEffect, useRef } from 'react';
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { canvasOf } from '../canvas/picture-canvas.ts';

interface PictureProps {
  readonly image: RgbImage;
  /** Empty where a text beside it says the same. */
  readonly alt: string;
  /** Side in CSS pixels. */
  readonly side: number;
  readonly className?: string;
  /** The part that is shown, in shares of the sides; all of it when left out. */
  readonly part?: Rect;
}

const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

export function Picture({ image, alt, side, className = '', part = WHOLE }: PictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const { width, height } = context.canvas;
    context.imageSmoothingQuality = 'high';
    const source = canvasOf(image);
    const [x, y] = [part.x * source.width, part.y * source.height];
    context.drawImage(source, x, y, part.width * source.width, part.height * source.height, 0, 0, width, height);
  }, [image, part]);
  const pixels = Math.round(side * window.devicePixelRatio);
  return (
    <canvas
      ref={ref}
      {...(alt ? { role: 'img', 'aria-label': alt } : {})}
      width={pixels}
      height={pixels}
      style={{ width: side, height: side }}
      className={`block ${className}`}
    />
  );
}
