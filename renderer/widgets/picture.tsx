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
  /** The part that is shown, in shares of the sides; all of it when left out. */
  readonly part?: Rect;
}

const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

export function Picture({ image, alt, side, className = '', part = WHOLE }: PictureProps) {
  const ref = useRef<HTMLImageElement>(null);
  const pixels = Math.round(side * window.devicePixelRatio);
  useEffect(() => {
    if (!ref.current) return;
    const bitmap = createBitmap(pixels, pixels);
    const { context } = bitmap;
    context.imageSmoothingQuality = 'high';
    const source = canvasOf(image);
    const [x, y] = [part.x * source.width, part.y * source.height];
    context.drawImage(source, x, y, part.width * source.width, part.height * source.height, 0, 0, pixels, pixels);
    showBitmap(ref.current, bitmap);
  }, [image, part, pixels]);
  return (
    <img ref={ref} alt={alt} width={side} height={side} draggable={false} className={`block max-w-none ${className}`} />
  );
}
