/**
 * Stands for `electron/main` and `electron/common` in tests: the part of Electron's API that the desktop shell uses, on
 * Chromium's pages and Node's processes.
 */
export { app } from './app-double.ts';
export { BrowserWindowDouble as BrowserWindow } from './browser-window-double.ts';
export { dialog, screen, shell } from './desktop-double.ts';
export { ipcMain } from './ipc-main-double.ts';
export { Menu } from './menu-double.ts';
export { MessageChannelMain } from './ports-double.ts';
export { protocol, session } from './session-double.ts';
export { utilityProcess } from './utility-process-double.ts';
