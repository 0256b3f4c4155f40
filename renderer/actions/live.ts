/**
 * Live painting: while it is on, a change of what models are given, or of what is asked of them, starts a new run in place of the
 * one before. During a stroke, too.
 */
import { controlLayer } from '../../app/document/control-layer.ts';
import type { Layer, PaintingDocument } from '../../app/document/document.ts';
import { drafts } from '../canvas/open-canvas.ts';
import { currentDocument, documentStore } from '../stores/document-store.ts';
import { description, modelStore } from '../stores/model-store.ts';
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
    if (isFollowing || !modelStore.getState().live || !isWorkedOn(currentDocument())) return;
    isFollowing = true;
    timer = setTimeout(run, STROKE_MS);
  };
  documentStore.subscribe((state, before) => {
    const [now, then] = [state.history.present, before.history.present];
    if (isOther(now, then)) soon();
  });
  modelStore.subscribe((state, before) => {
    const asked = (other: typeof state) => [
      other.live,
      other.model,
      other.label,
      other.prompt,
      other.seed,
      other.settings,
      other.keepSteps,
    ];
    if (asked(state).some((value, i) => value !== asked(before)[i])) soon();
  });
  drafts.on(follow);
}

/** The layers that make a difference to a picture: masks, the map that is followed, and the picture where some of it is kept or changed. */
function givenLayers(document: PaintingDocument): readonly Layer[] {
  const masks = document.layers.filter(({ kind, visible }) => kind === 'mask' && visible);
  const edits = description()?.capabilities.includes('edits') ?? false;
  const isGiven = edits || masks.length > 0 || modelStore.getState().keepSteps > 0;
  const picture = isGiven ? document.layers.filter(({ kind }) => kind === 'paint') : [];
  const map = controlLayer(document, description()?.controls ?? []);
  return [...masks, ...picture, ...(map ? [map.layer] : [])];
}

/** Whether models are given something else now. */
function isOther(now: PaintingDocument, then: PaintingDocument): boolean {
  if (now.layers === then.layers && now.frame === then.frame) return false;
  const [given, before] = [givenLayers(now), givenLayers(then)];
  if (now.frame !== then.frame && given.length > 0) return true;
  return given.length !== before.length || given.some((layer, i) => layer !== before[i]);
}

/** Whether the layer in hand is one of those that models are given. */
function isWorkedOn(document: PaintingDocument): boolean {
  return givenLayers(document).some(({ id }) => id === document.activeLayer);
}
