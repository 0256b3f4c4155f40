/**
 * Paintings that were open when the program ended.
 */
import { createStore } from 'zustand/vanilla';
import type { RecoverablePainting } from '../../app/contracts/studio-api.ts';
import { host } from '../transport/host.ts';
import { documentStore } from './document-store.ts';
import { openDialog } from './ui-store.ts';

export const recoveryStore = createStore<{ readonly paintings: readonly RecoverablePainting[] }>(() => ({
  paintings: [],
}));

/** Offers them at the start, if there are any. */
export async function offerRecovery(): Promise<void> {
  if ((await findRecoverable()) > 0) openDialog('recovery');
}

/** Shows them, also when there are none. */
export async function showRecoverable(): Promise<void> {
  await findRecoverable();
  openDialog('recovery');
}

async function findRecoverable(): Promise<number> {
  const { painting } = documentStore.getState();
  const paintings = (await host('recoverable', [])).filter((entry) => entry.painting !== painting);
  recoveryStore.setState({ paintings });
  return paintings.length;
}
