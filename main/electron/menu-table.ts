/**
 * The native menu as data. What a command does is the page's business, except for `NEW_WINDOW`.
 */
import type { MenuItemConstructorOptions } from 'electron/main';

export type MenuEntry =
  | { readonly id: string; readonly label: string; readonly accelerator?: string }
  | { readonly role: NonNullable<MenuItemConstructorOptions['role']>; readonly accelerator?: string }
  | 'separator';

export interface MenuTable {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

export const NEW_WINDOW = 'window.new';

/** @param platform as Node names it */
export function menuTables(platform: string): readonly MenuTable[] {
  const mac = platform === 'darwin';
  return [
    ...(mac ? [APP_MENU] : []),
    { label: 'File', entries: fileEntries(mac) },
    EDIT_MENU,
    VIEW_MENU,
    GENERATE_MENU,
    {
      label: 'Window',
      entries: [{ role: 'minimize' }, ...(mac ? ([{ role: 'zoom' }] as const) : []), { role: 'close' }],
    },
    HELP_MENU,
  ];
}

const APP_MENU: MenuTable = {
  label: 'Underpaint',
  entries: [
    { role: 'about' },
    'separator',
    { id: 'app.settings', label: 'Settings…', accelerator: 'Cmd+,' },
    'separator',
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    'separator',
    { role: 'quit' },
  ],
};

function fileEntries(mac: boolean): readonly MenuEntry[] {
  return [
    { id: 'file.new', label: 'New project', accelerator: 'CmdOrCtrl+N' },
    { id: 'file.open', label: 'Open…', accelerator: 'CmdOrCtrl+O' },
    ...(mac ? ([{ role: 'recentDocuments' }] as const) : []),
    { id: NEW_WINDOW, label: 'New window' },
    'separator',
    { id: 'file.save', label: 'Save', accelerator: 'CmdOrCtrl+S' },
    { id: 'file.save-as', label: 'Save as…', accelerator: 'CmdOrCtrl+Shift+S' },
    'separator',
    { id: 'file.import-image', label: 'Import image…' },
    { id: 'file.export', label: 'Export…', accelerator: 'CmdOrCtrl+Shift+E' },
    ...(mac ? [] : (['separator', { id: 'app.settings', label: 'Settings…' }, { role: 'quit' }] as const)),
  ];
}

const EDIT_MENU: MenuTable = {
  label: 'Edit',
  entries: [
    { id: 'edit.undo', label: 'Undo', accelerator: 'CmdOrCtrl+Z' },
    { id: 'edit.redo', label: 'Redo', accelerator: 'CmdOrCtrl+Shift+Z' },
    'separator',
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { id: 'edit.delete', label: 'Delete' },
    { id: 'edit.select-all', label: 'Select all', accelerator: 'CmdOrCtrl+A' },
  ],
};

const VIEW_MENU: MenuTable = {
  label: 'View',
  entries: [
    { id: 'view.zoom-in', label: 'Zoom in', accelerator: 'CmdOrCtrl+=' },
    { id: 'view.zoom-out', label: 'Zoom out', accelerator: 'CmdOrCtrl+-' },
    { id: 'view.fit', label: 'Fit to window', accelerator: 'CmdOrCtrl+0' },
    'separator',
    { id: 'view.palette', label: 'All commands…', accelerator: 'CmdOrCtrl+K' },
    { role: 'togglefullscreen' },
    // Its usual key is a command of the page.
    { role: 'toggleDevTools', accelerator: 'F12' },
  ],
};

const GENERATE_MENU: MenuTable = {
  label: 'Generate',
  entries: [
    { id: 'generate.start', label: 'Generate', accelerator: 'CmdOrCtrl+Enter' },
    { id: 'generate.cancel', label: 'Cancel', accelerator: 'CmdOrCtrl+.' },
  ],
};

const HELP_MENU: MenuTable = {
  label: 'Help',
  entries: [
    { id: 'help.shortcuts', label: 'Keyboard shortcuts' },
    { id: 'help.tour', label: 'Tour' },
  ],
};
