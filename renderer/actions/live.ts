/**
 * Live painting: while it is on, a change of the painting or of the settings starts a new run in place of the one before.
 */
import { documentStore } from '../stores/document-store.ts';
import { modelStore } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { generateLive } from './generate.ts';

/** A moment without changes before a run starts. */
const QUIET_MS = 120;

export function startLivePainting(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    if (!modelStore.getState().live) return;
    clearTimeout(timer);
    timer = setTimeout(() => generateLive().catch(reportError), QUIET_MS);
  };
  documentStore.subscribe((state, before) => {
    const [now, then] = [state.history.present, before.history.present];
    if (now.layers !== then.layers || now.frame !== then.frame) soon();
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
}
