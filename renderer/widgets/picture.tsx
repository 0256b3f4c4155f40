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
  /** The part that is shown, in shares of the sides; the square in the middle when left out. */
  readonly part?: Rect;
}

/** In shares of the sides. */
function middleSquare({ width, height }: RgbImage): Rect {
  const side = Math.min(width, height);
  return { x: (1 - side / width) / 2, y: (1 - side / height) / 2, width: side / width, height: side / height };
}

export function Picture({ image, alt, side, className = '', part }: PictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const { width, height } = context.canvas;
    context.imageSmoothingQuality = 'high';
    const source = canvasOf(image);
    const shown = part ?? middleSquare(image);
    const [x, y] = [shown.x * source.width, shown.y * source.height];
    context.drawImage(source, x, y, shown.width * source.width, shown.height * source.height, 0, 0, width, height);
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
