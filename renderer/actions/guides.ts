/**
 * Guides of the painting.
 */
import { edit } from '../stores/document-store.ts';

/** In the middle of the painting. */
export function addGuide(axis: 'x' | 'y'): void {
  edit('edit.guide', (document) => {
    const at = Math.round((axis === 'x' ? document.width : document.height) / 2);
    return { ...document, guides: [...document.guides, { axis, at }] };
  });
}

export function clearGuides(): void {
  edit('edit.guide', (document) => (document.guides.length > 0 ? { ...document, guides: [] } : document));
}
