/**
 * Undo and redo. Documents are immutable and share what did not change, so a step holds two references to whole documents.
 */
import { type PaintingDocument, tileIds } from './document.ts';

export interface HistoryStep {
  /** Id of the words that tell what was done. */
  readonly label: string;
  readonly before: PaintingDocument;
  /** Changes with the same group that follow each other are one step: a dragged slider. */
  readonly group: string | undefined;
}

export interface History {
  readonly past: readonly HistoryStep[];
  readonly present: PaintingDocument;
  readonly future: readonly { readonly label: string; readonly after: PaintingDocument }[];
}

export const MAX_STEPS = 500;

export function startHistory(present: PaintingDocument): History {
  return { past: [], present, future: [] };
}

/** Makes `document` the present; what was undone is gone. The same document changes nothing. */
export function commit(history: History, document: PaintingDocument, label: string, group?: string): History {
  const { past, present } = history;
  if (document === present) return history;
  const last = past.at(-1);
  const continues = group !== undefined && last?.group === group && history.future.length === 0;
  const steps = continues ? past : [...past, { label, before: present, group }].slice(-MAX_STEPS);
  return { past: steps, present: document, future: [] };
}

/** Ends the group: the next change is a step of its own. */
export function endGroup(history: History): History {
  const last = history.past.at(-1);
  if (last?.group === undefined) return history;
  return { ...history, past: history.past.with(-1, { ...last, group: undefined }) };
}

export function undo(history: History): History {
  const step = history.past.at(-1);
  if (!step) return history;
  return {
    past: history.past.slice(0, -1),
    present: step.before,
    future: [{ label: step.label, after: history.present }, ...history.future],
  };
}

export function redo(history: History): History {
  const [step, ...future] = history.future;
  if (!step) return history;
  const past = [...history.past, { label: step.label, before: history.present, group: undefined }];
  return { past, present: step.after, future };
}

/** Every tile that the history can bring back. */
export function reachableTiles({ past, present, future }: History): Set<string> {
  const documents = [present, ...past.map(({ before }) => before), ...future.map(({ after }) => after)];
  const ids = new Set<string>();
  for (const document of documents) for (const id of tileIds(document)) ids.add(id);
  return ids;
}

/** Forgets the oldest steps until what is reachable fits `limit` bytes; the last `keep` steps stay in any case. */
export function forgetBeyond(history: History, limit: number, sizeOf: (tile: string) => number, keep = 1): History {
  const counted = new Set<string>();
  const cost = (document: PaintingDocument) => {
    let bytes = 0;
    for (const id of tileIds(document)) {
      if (!counted.has(id)) bytes += sizeOf(id);
      counted.add(id);
    }
    return bytes;
  };
  let total = cost(history.present) + history.future.reduce((sum, { after }) => sum + cost(after), 0);
  let first = history.past.length;
  while (first > 0) {
    total += cost((history.past[first - 1] as HistoryStep).before);
    if (total > limit && history.past.length - first >= keep) break;
    first--;
  }
  return first === 0 ? history : { ...history, past: history.past.slice(first) };
}
