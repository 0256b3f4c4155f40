/**
 * How large the pictures of a filmstrip are: where the window is high, there is room for more than a hint of them.
 */
import { useMedia } from '../widgets/use-media.ts';

const SIDE = 50;
const LARGE_SIDE = 86;

/** In CSS pixels. */
export function useThumbnailSide(): number {
  return useMedia('(min-height: 1200px)') ? LARGE_SIDE : SIDE;
}
