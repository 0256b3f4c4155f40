import type { Layer } from '../../../app/document/document.ts';

/** Masks are painted in one colour: only their cover counts. */
export const MASK_COLOR = '#e5399b';

export function paintColor({ kind }: Layer, color: string): string {
  return kind === 'mask' ? MASK_COLOR : color;
}
