/**
 * The native menu.
 */
import { type BaseWindow, Menu, type MenuItemConstructorOptions } from 'electron/main';
import { type MenuEntry, menuTables } from './menu-table.ts';

/**
 * Builds the menu of the whole application.
 *
 * @param run told of a chosen command, and of the window in which it was chosen, if it was in one
 */
export function installMenu(run: (command: string, window: BaseWindow | undefined) => void): void {
  const build = (entry: MenuEntry): MenuItemConstructorOptions => {
    if (entry === 'separator') return { type: 'separator' };
    if ('role' in entry) return entry;
    return { ...entry, click: (_item, window) => run(entry.id, window) };
  };
  const template = menuTables(process.platform).map(({ label, entries }) => ({ label, submenu: entries.map(build) }));
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
