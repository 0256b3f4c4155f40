/**
 * The person's settings, kept by the host.
 */
import { createStore } from 'zustand/vanilla';
import { DEFAULT_SETTINGS, type UserSettings } from '../../app/library/user-settings.ts';
import { host } from '../transport/host.ts';
import { reportError } from './notice-store.ts';

export const settingsStore = createStore<UserSettings & { readonly loaded: boolean }>(() => ({
  ...DEFAULT_SETTINGS,
  loaded: false,
}));

export async function loadSettings(): Promise<void> {
  settingsStore.setState({ ...(await host('settings', [])), loaded: true });
}

/** At once here, and for good on the host. */
export function changeSettings(change: Partial<UserSettings>): void {
  settingsStore.setState(change);
  host('changeSettings', [change]).catch(reportError);
}
