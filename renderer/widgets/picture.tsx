/**
 * An RGB picture as an element.
 */
import { useEffect, useRef } from 'react';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { canvasOf } from '../canvas/staging-overlays.ts';

interface PictureProps {
  readonly image: RgbImage;
  readonly alt: string;
  /** Side in CSS pixels. */
  readonly side: number;
  readonly className?: string;
}

export function Picture({ image, alt, side, className = '' }: PictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const { width, height } = context.canvas;
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvasOf(image), 0, 0, width, height);
  }, [image]);
  const pixels = Math.round(side * window.devicePixelRatio);
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={alt}
      width={pixels}
      height={pixels}
      style={{ width: side, height: side }}
      className={`block ${className}`}
    />
  );
}
