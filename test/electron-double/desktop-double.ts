/**
 * `dialog`, `shell` and `screen`: what the desktop around the program does.
 */
import { doubleState, type ShownDialog } from './double-state.ts';

/** Dialogs are shown with or without a window before their options. */
async function show<T>(kind: ShownDialog['kind'], args: readonly unknown[], otherwise: T): Promise<T> {
  doubleState.shown.push({ kind, options: args.at(-1) });
  const [answer] = doubleState.answers.splice(0, 1);
  return (answer as T | undefined) ?? otherwise;
}

export const dialog = {
  showOpenDialog: (...args: unknown[]) => show('open', args, { canceled: true, filePaths: [] as string[] }),
  showSaveDialog: (...args: unknown[]) => show('save', args, { canceled: true, filePath: '' }),
  showMessageBox: (...args: unknown[]) => show('message', args, { response: 0 }),
  showErrorBox: (title: string, content: string): void => void show('error', [{ title, content }], undefined),
};

export const shell = {
  async openExternal(url: string): Promise<void> {
    doubleState.openedOutside.push(url);
  },
};

export const screen = {
  getPrimaryDisplay: () => doubleState.displays[0],
  getAllDisplays: () => doubleState.displays,
};
