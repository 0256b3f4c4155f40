/**
 * Guides of the painting.
 */
import { currentDocument, edit } from '../stores/document-store.ts';

/** In the middle of the painting. */
export function addGuide(axis: 'x' | 'y'): void {
  const { width, height } = currentDocument();
  addGuideAt(axis, Math.round((axis === 'x' ? width : height) / 2));
}

/** @param at pixels of the painting */
export function addGuideAt(axis: 'x' | 'y', at: number): void {
  edit('edit.guide', (document) => ({ ...document, guides: [...document.guides, { axis, at }] }));
}

export function clearGuides(): void {
  edit('edit.guide', (document) => (document.guides.length > 0 ? { ...document, guides: [] } : document));
}
