/**
 * An RGB picture as an element.
 */
import { useEffect, useRef } from 'react';
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { createBitmap } from '../canvas/bitmap.ts';
import { canvasOf } from '../canvas/picture-canvas.ts';
import { showBitmap } from '../canvas/show-bitmap.ts';

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
  const ref = useRef<HTMLImageElement>(null);
  const pixels = Math.round(side * window.devicePixelRatio);
  useEffect(() => {
    if (!ref.current) return;
    const bitmap = createBitmap(pixels, pixels);
    const { context } = bitmap;
    context.imageSmoothingQuality = 'high';
    const source = canvasOf(image);
    const { x, y, width, height } = part ?? middleSquare(image);
    const [left, top] = [x * source.width, y * source.height];
    context.drawImage(source, left, top, width * source.width, height * source.height, 0, 0, pixels, pixels);
    showBitmap(ref.current, bitmap);
  }, [image, part, pixels]);
  return (
    <img ref={ref} alt={alt} width={side} height={side} draggable={false} className={`block max-w-none ${className}`} />
  );
}
