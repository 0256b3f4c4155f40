/**
 * What of the window is open.
 */
import { createStore } from 'zustand/vanilla';

const DIALOGS = [
  'palette',
  'shortcuts',
  'export',
  'about',
  'new',
  'recovery',
  'settings',
  'models',
  'saveAs',
  'batch',
] as const;
export type DialogId = (typeof DIALOGS)[number];

export const SIDE_PANELS = ['layers', 'queue', 'gallery'] as const;
export type SidePanel = (typeof SIDE_PANELS)[number];

interface UiState {
  readonly dialog: DialogId | null;
  readonly side: SidePanel;
  readonly connected: boolean;
}

export const uiStore = createStore<UiState>(() => ({ dialog: null, side: 'layers', connected: true }));

export function openDialog(dialog: DialogId | null): void {
  uiStore.setState({ dialog });
}

export function showSide(side: SidePanel): void {
  uiStore.setState({ side });
}
