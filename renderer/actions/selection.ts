/**
 * Changes of the selection that need no pointer.
 */
import { currentDocument, edit } from '../stores/document-store.ts';

export function selectAll(): void {
  const { width, height } = currentDocument();
  const points = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  edit('edit.select', (document) => ({
    ...document,
    selection: { parts: [{ mode: 'add', points }], inverted: false, feather: 0 },
  }));
}

export function deselect(): void {
  edit('edit.deselect', (document) => (document.selection ? { ...document, selection: null } : document));
}

export function invertSelection(): void {
  edit('edit.select', (document) => {
    const { selection } = document;
    return selection ? { ...document, selection: { ...selection, inverted: !selection.inverted } } : document;
  });
}
