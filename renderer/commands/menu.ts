/**
 * Commands of the desktop program's menu.
 */
import { openFileAt } from '../actions/painting-files.ts';
import { isTextField } from '../actions/text-field.ts';
import { shell } from '../transport/host.ts';
import { type CommandId, runCommand } from './commands.ts';

/** The page's command for each of the menu. */
export const MENU_COMMANDS: Readonly<Record<string, CommandId>> = {
  'file.new': 'new',
  'file.open': 'open',
  'file.save': 'save',
  'file.save-as': 'saveAs',
  'file.import-image': 'import',
  'file.export': 'export',
  'edit.undo': 'undo',
  'edit.redo': 'redo',
  'edit.delete': 'clear',
  'edit.select-all': 'selectAll',
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

/** What these are for text, by the names of the browser's own commands. */
const TEXT_COMMANDS: Readonly<Record<string, string>> = {
  'edit.undo': 'undo',
  'edit.redo': 'redo',
  'edit.delete': 'delete',
  'edit.select-all': 'selectAll',
};

export function listenForMenu(): void {
  shell?.onMenuCommand((command, path) => {
    const textCommand = TEXT_COMMANDS[command];
    if (path !== undefined) void openFileAt(path);
    else if (textCommand && isTextField(document.activeElement)) document.execCommand(textCommand);
    else if (MENU_COMMANDS[command]) runCommand(MENU_COMMANDS[command]);
  });
}
