/**
 * Runs in the sandbox of the studio's page, apart from the page's own scripts, and hands over the port and
 * `underpaintShell`; nothing else of Electron gets into the page.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron/renderer';
import { PORT_MESSAGE, type ShellApi } from '../../../app/contracts/shell-api.ts';
import { COMMAND_CHANNEL, EDITED_CHANNEL, OPEN_DIALOG_CHANNEL, PORT_CHANNEL, SAVE_DIALOG_CHANNEL } from './channels.ts';

type Command = [command: string, argument?: string];

const listeners = new Set<{ tell(...command: Command): void }>();
const untold: Command[] = [];

ipcRenderer.on(PORT_CHANNEL, (event) => {
  window.postMessage({ type: PORT_MESSAGE }, window.location.origin, [...event.ports]);
});

ipcRenderer.on(COMMAND_CHANNEL, (_event, ...command: Command) => {
  if (listeners.size === 0) untold.push(command);
  for (const { tell } of [...listeners]) tell(...command);
});

const shell: ShellApi = {
  platform: process.platform,
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  onMenuCommand(listener) {
    const entry = { tell: listener };
    listeners.add(entry);
    for (const command of untold.splice(0)) listener(...command);
    return () => {
      listeners.delete(entry);
    };
  },
  showOpenDialog: (kind) => ipcRenderer.invoke(OPEN_DIALOG_CHANNEL, kind),
  showSaveDialog: (kind, suggestedName) => ipcRenderer.invoke(SAVE_DIALOG_CHANNEL, kind, suggestedName),
  setDocumentEdited: (edited) => ipcRenderer.send(EDITED_CHANNEL, edited),
};

contextBridge.exposeInMainWorld('underpaintShell', shell);
