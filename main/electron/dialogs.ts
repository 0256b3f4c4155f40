/**
 * What the page may ask of the system: dialogs for files, and a mark in the title bar.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  type FileFilter,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  type OpenDialogOptions,
} from 'electron/main';
import { StudioError } from '../../app/base/errors.ts';
import { flag, oneOf, type Parser, text, tuple } from '../../app/contracts/parse.ts';
import type { OpenKind, SaveKind } from '../../app/contracts/shell-api.ts';
import { isProjectPath, PROJECT_EXTENSION } from './file-arguments.ts';
import { EDITED_CHANNEL, OPEN_DIALOG_CHANNEL, SAVE_DIALOG_CHANNEL } from './preload/channels.ts';
import { checkSender } from './trusted-sender.ts';

const PROJECTS: FileFilter = { name: 'Underpaint projects', extensions: [PROJECT_EXTENSION] };
const IMAGES = ['png', 'jpg', 'jpeg', 'webp', 'avif'];

const OPEN_FILTERS: Readonly<Record<Exclude<OpenKind, 'folder'>, FileFilter>> = {
  file: { name: 'Underpaint projects and images', extensions: [PROJECT_EXTENSION, ...IMAGES] },
  images: { name: 'Images', extensions: IMAGES },
  model: { name: 'Model checkpoints', extensions: ['safetensors', 'pth', 'pt', 'ckpt', 'bin'] },
};

/** Each image format by itself, because the chosen one decides how the image is written. */
const SAVE_FILTERS: Readonly<Record<SaveKind, readonly FileFilter[]>> = {
  project: [PROJECTS],
  image: [
    { name: 'PNG', extensions: ['png'] },
    { name: 'JPEG', extensions: ['jpg', 'jpeg'] },
    { name: 'WebP', extensions: ['webp'] },
    { name: 'AVIF', extensions: ['avif'] },
  ],
};

/** Longest name that every common file system takes, in characters that may need several bytes. */
const MAX_NAME = 80;

const fileName: Parser<string> = (value, place) => {
  const name = text(value, place);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (name.length <= MAX_NAME && !/[/\\:*?"<>|\u0000-\u001f]/.test(name)) return name;
  throw new StudioError('bad-request', `${place} must be a plain file name of at most ${MAX_NAME} characters.`);
};

const openArguments = tuple<[OpenKind]>(oneOf('file', 'images', 'model', 'folder'));
const saveArguments = tuple<[SaveKind, string]>(oneOf('project', 'image'), fileName);
const editedArguments = tuple<[boolean]>(flag);

/** Answers the pages' questions from now on. */
export function answerPages(): void {
  ipcMain.handle(OPEN_DIALOG_CHANNEL, (event, ...args: unknown[]) => {
    checkSender(event);
    return chooseToOpen(event, ...openArguments(args, 'args'));
  });
  ipcMain.handle(SAVE_DIALOG_CHANNEL, (event, ...args: unknown[]) => {
    checkSender(event);
    return chooseToSave(event, ...saveArguments(args, 'args'));
  });
  ipcMain.on(EDITED_CHANNEL, (event, ...args: unknown[]) => {
    try {
      checkSender(event);
      windowOf(event).setDocumentEdited(editedArguments(args, 'args')[0]);
    } catch (error) {
      // Nobody waits for an answer to this message.
      console.error(error);
    }
  });
}

async function chooseToOpen(event: IpcMainInvokeEvent, kind: OpenKind): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(windowOf(event), {
    filters: kind === 'folder' ? [] : [OPEN_FILTERS[kind]],
    properties: propertiesOf(kind),
  });
  if (canceled) return [];
  for (const path of filePaths.filter(isProjectPath)) app.addRecentDocument(path);
  return filePaths;
}

function propertiesOf(kind: OpenKind): OpenDialogOptions['properties'] & object {
  if (kind === 'folder') return ['openDirectory', 'createDirectory'];
  return kind === 'file' ? ['openFile'] : ['openFile', 'multiSelections'];
}

async function chooseToSave(event: IpcMainInvokeEvent, kind: SaveKind, suggestedName: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(windowOf(event), {
    defaultPath: suggestedName,
    filters: [...SAVE_FILTERS[kind]],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  if (canceled || filePath === '') return null;
  if (kind === 'image') return filePath;
  const path = isProjectPath(filePath) ? filePath : `${filePath}.${PROJECT_EXTENSION}`;
  // The system asked about the name without the extension only.
  if (path !== filePath && existsSync(path) && !(await mayReplace(event, path))) return null;
  app.addRecentDocument(path);
  return path;
}

async function mayReplace(event: IpcMainInvokeEvent, path: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(windowOf(event), {
    type: 'question',
    message: `Replace ${basename(path)}?`,
    detail: `${path} is there already. Its contents would be lost.`,
    buttons: ['Replace', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

function windowOf({ sender }: IpcMainEvent | IpcMainInvokeEvent): BrowserWindow {
  const window = BrowserWindow.fromWebContents(sender);
  if (!window) throw new StudioError('bad-request', 'The window that asked is gone.');
  return window;
}
