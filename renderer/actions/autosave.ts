/**
 * Keeps the painting with the host while it is worked on, so that neither a crash nor another painting takes it away.
 */
import type { PackedTile, PaintingState } from '../../app/contracts/studio-api.ts';
import { type PaintingDocument, tileIds } from '../../app/document/document.ts';
import { forgetBeyond, reachableTiles } from '../../app/document/history.ts';
import { tiles } from '../canvas/open-canvas.ts';
import { currentDocument, type DocumentState, documentStore } from '../stores/document-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { stagingStore } from '../stores/staging-store.ts';
import { host, shell } from '../transport/host.ts';
import { writeVariants } from './variants-json.ts';

/** Milliseconds between a change and its being kept. */
const AUTOSAVE_MS = 1500;
/** Memory that undo may take. */
const HISTORY_BYTES = 320 * 2 ** 20;
const LEAST_STEPS = 200;

/** Tiles that the host has of the painting that is open. */
let sentTiles = new Set<string>();
let kept: { readonly document: PaintingDocument; readonly variants: unknown } | undefined;
let saving: Promise<void> = Promise.resolve();

/** Keeps the painting whenever it has changed, as long as the window lives. */
export function startAutosave(): void {
  // The empty painting that a window begins with is nobody's work.
  kept = { document: currentDocument(), variants: stagingStore.getState().variants };
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      keepPainting().catch(reportError);
    }, AUTOSAVE_MS);
  };
  documentStore.subscribe((state, before) => {
    const isOther = state.painting !== before.painting;
    // It was named in the person's language.
    const isNamed = state.history.present !== before.history.present && isUntouched(before) && isUntouched(state);
    if (isOther || isNamed) {
      sentTiles = new Set();
      kept = { document: state.history.present, variants: stagingStore.getState().variants };
    } else if (state.history.present !== before.history.present) soon();
    shell?.setDocumentEdited(state.history.present !== state.saved);
  });
  // A window that is closed or put away may not come back.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) keepPainting().catch(reportError);
  });
  stagingStore.subscribe((state, before) => {
    if (state.variants !== before.variants) soon();
  });
}

function isUntouched({ history, saved }: Pick<DocumentState, 'history' | 'saved'>): boolean {
  return history.present === saved;
}

/** Sends the host what it does not have yet, and lets go of pixels that nothing needs. */
export function keepPainting(): Promise<void> {
  saving = saving
    .catch(() => {})
    .then(async () => {
      const { painting, path } = documentStore.getState();
      const document = currentDocument();
      const { variants } = stagingStore.getState();
      if (kept?.document === document && kept.variants === variants) return;
      const ids = [...tileIds(document)].filter((id) => !sentTiles.has(id));
      const fresh: PackedTile[] = await Promise.all(ids.map(async (id) => ({ id, bytes: await tiles.packed(id) })));
      const state: PaintingState = { document, path, extras: await writeVariants(variants), tiles: fresh };
      await host('autosave', [painting, state]);
      if (documentStore.getState().painting !== painting) return;
      sentTiles = tileIds(document);
      kept = { document, variants };
      forgetOldSteps();
    });
  return saving;
}

/** The same, also when nothing has changed: the host then has all of the painting. */
export function keepWholePainting(): Promise<void> {
  kept = undefined;
  return keepPainting();
}

/** The host has all tiles of the painting that was just opened. */
export function adoptKeptTiles(): void {
  sentTiles = tileIds(currentDocument());
}

function forgetOldSteps(): void {
  documentStore.setState(({ history }) => ({
    history: forgetBeyond(history, HISTORY_BYTES, (id) => tiles.sizeOf(id), LEAST_STEPS),
  }));
  tiles.retain(reachableTiles(documentStore.getState().history));
}
