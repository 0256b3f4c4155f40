/**
 * Live painting: while it is on, a change of what models are given, or of what is asked of them, starts a new run in place of the
 * one before. During a stroke, too.
 */
import type { PaintingDocument } from '../../app/document/document.ts';
import { drafts } from '../canvas/open-canvas.ts';
import { currentDocument, documentStore } from '../stores/document-store.ts';
import { modelStore } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { generateLive } from './generate.ts';

/** A moment without changes before a run starts. */
const QUIET_MS = 120;
/** Between runs while a stroke is being made: each has time for its first preview. */
const STROKE_MS = 300;

export function startLivePainting(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFollowing = false;
  const run = () => {
    isFollowing = false;
    if (modelStore.getState().live) generateLive().catch(reportError);
  };
  const soon = () => {
    clearTimeout(timer);
    if (modelStore.getState().live) timer = setTimeout(run, QUIET_MS);
  };
  const follow = () => {
    if (isFollowing || !modelStore.getState().live || !isGivenToModels(currentDocument())) return;
    isFollowing = true;
    timer = setTimeout(run, STROKE_MS);
  };
  documentStore.subscribe((state, before) => {
    const [now, then] = [state.history.present, before.history.present];
    if ((now.layers !== then.layers || now.frame !== then.frame) && isGivenToModels(now)) soon();
  });
  modelStore.subscribe((state, before) => {
    const asked = (other: typeof state) => [
      other.live,
      other.model,
      other.label,
      other.seed,
      other.settings,
      other.keepSteps,
    ];
    if (asked(state).some((value, i) => value !== asked(before)[i])) soon();
  });
  drafts.on(follow);
}

/** Whether what is painted makes a difference to the picture: scales of it are kept, a mask says where, a map says what. */
function isGivenToModels({ layers }: PaintingDocument): boolean {
  return modelStore.getState().keepSteps > 0 || layers.some(({ kind, visible }) => kind !== 'paint' && visible);
}
