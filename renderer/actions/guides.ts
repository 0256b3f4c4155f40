/**
 * Guides of the painting.
 */
import type { Guide } from '../../app/document/document.ts';
import { currentDocument, edit } from '../stores/document-store.ts';

/** In the middle of the painting. */
export function addGuide(axis: 'x' | 'y'): void {
  const { width, height } = currentDocument();
  addGuideAt({ axis, at: Math.round((axis === 'x' ? width : height) / 2) });
}

export function addGuideAt(guide: Guide): void {
  edit('edit.guide', (document) => ({ ...document, guides: [...document.guides, guide] }));
}

/** @param at pixels of the painting; null takes the guide away */
export function moveGuide(guide: Guide, at: number | null): void {
  edit('edit.guide', (document) => {
    const index = document.guides.indexOf(guide);
    if (index < 0 || at === guide.at) return document;
    const moved = at === null ? [] : [{ ...guide, at }];
    return { ...document, guides: document.guides.toSpliced(index, 1, ...moved) };
  });
}

export function clearGuides(): void {
  edit('edit.guide', (document) => (document.guides.length > 0 ? { ...document, guides: [] } : document));
}
