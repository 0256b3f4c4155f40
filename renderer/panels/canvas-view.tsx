/**
 * The element that the canvas lives in, and what can be dropped on it.
 */
import { type DragEvent, useEffect, useRef } from 'react';
import { openPicture } from '../actions/gallery.ts';
import { dropModelFiles, isCheckpoint } from '../actions/model-files.ts';
import { openFile } from '../actions/painting-files.ts';
import { mountCanvas } from '../canvas/open-canvas.ts';
import { useWords } from '../text/words.ts';

/** Type of what is dragged out of the gallery: a picture's id. */
export const PICTURE_TYPE = 'application/x-underpaint-picture';

export function CanvasView() {
  const words = useWords();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => (ref.current ? mountCanvas(ref.current) : undefined), []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const picture = event.dataTransfer.getData(PICTURE_TYPE);
    if (picture) void openPicture(picture);
    const files = [...event.dataTransfer.files];
    const checkpoints = files.filter(isCheckpoint);
    if (checkpoints.length > 0) void dropModelFiles(checkpoints);
    for (const file of files) if (!isCheckpoint(file)) void openFile(file);
  };
  return (
    <div
      role="application"
      id="canvas"
      ref={ref}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes the keys of its tools
      tabIndex={0}
      aria-label={words.canvas.label}
      className="absolute inset-0 touch-none overflow-hidden bg-ground outline-offset-[-2px]"
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    />
  );
}
