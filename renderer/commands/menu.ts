/**
 * Commands of the desktop program's menu.
 */
import { showPainting } from '../actions/painting-files.ts';
import { reportError } from '../stores/notice-store.ts';
import { host, shell } from '../transport/host.ts';
import { type CommandId, runCommand } from './commands.ts';

const MENU: Readonly<Record<string, CommandId>> = {
  'file.new': 'new',
  'file.open': 'open',
  'file.save': 'save',
  'file.save-as': 'saveAs',
  'file.import-image': 'open',
  'file.export': 'export',
  'edit.undo': 'undo',
  'edit.redo': 'redo',
  'view.zoom-in': 'zoomIn',
  'view.zoom-out': 'zoomOut',
  'view.fit': 'fit',
  'view.palette': 'palette',
  'generate.start': 'generate',
  'generate.cancel': 'stop',
  'help.shortcuts': 'shortcuts',
  'help.tour': 'tour',
  'app.settings': 'settings',
};

export function listenForMenu(): void {
  shell?.onMenuCommand((command, path) => {
    if (command === 'file.open' && path) host('openProject', [path]).then((state) => showPainting(state), reportError);
    else if (MENU[command]) runCommand(MENU[command]);
  });
}
