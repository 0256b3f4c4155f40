/**
 * The painting that is open, and its history.
 */
import { createStore } from 'zustand/vanilla';
import { newId } from '../../app/base/ids.ts';
import type { PaintingDocument } from '../../app/document/document.ts';
import { newDocument } from '../../app/document/edits.ts';
import { commit, endGroup, type History, redo, startHistory, undo } from '../../app/document/history.ts';

export const DEFAULT_SIDE = 1024;

export interface DocumentState {
  /** Of the painting, as the host knows it. */
  readonly painting: string;
  /** The project's file, or null. */
  readonly path: string | null;
  readonly history: History;
  /** The document that was saved last as a project. */
  readonly saved: PaintingDocument;
}

function fresh(document: PaintingDocument, path: string | null, painting = newId()): DocumentState {
  return { painting, path, history: startHistory(document), saved: document };
}

export const documentStore = createStore<DocumentState>(() =>
  fresh(newDocument(DEFAULT_SIDE, DEFAULT_SIDE, 'Untitled', 'Layer 1'), null),
);

export function currentDocument(): PaintingDocument {
  return documentStore.getState().history.present;
}

/** @param painting an id that the host knows already, for one that is recovered */
export function openDocument(document: PaintingDocument, path: string | null, painting?: string): void {
  documentStore.setState(fresh(document, path, painting));
}

/**
 * Changes the painting as one step of its history.
 *
 * @param label what was done, by the id of its words
 * @param group changes of one group that follow each other are one step
 */
export function edit(label: string, change: (document: PaintingDocument) => PaintingDocument, group?: string): void {
  documentStore.setState(({ history }) => ({ history: commit(history, change(history.present), label, group) }));
}

/** Changes what is no step of the history, such as which layer is active. */
export function adjust(change: (document: PaintingDocument) => PaintingDocument): void {
  documentStore.setState(({ history }) => ({ history: { ...history, present: change(history.present) } }));
}

export function endEditGroup(): void {
  documentStore.setState(({ history }) => ({ history: endGroup(history) }));
}

export function undoEdit(): void {
  documentStore.setState(({ history }) => ({ history: undo(history) }));
}

export function redoEdit(): void {
  documentStore.setState(({ history }) => ({ history: redo(history) }));
}
