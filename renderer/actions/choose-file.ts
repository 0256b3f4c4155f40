/**
 * Asks the person for files, and opens them.
 */
import type { OpenKind } from '../../app/contracts/shell-api.ts';
import { reportError } from '../stores/notice-store.ts';
import { shell } from '../transport/host.ts';
import { openFile, openFileAt } from './painting-files.ts';

type Wanted = Extract<OpenKind, 'file' | 'images'>;

const IMAGES = '.png,.jpg,.jpeg,.webp,.avif';
const ACCEPTED: Readonly<Record<Wanted, string>> = { file: `.underpaint,${IMAGES}`, images: IMAGES };

/** A browser shows its chooser only right after a key or a click in the page, which a menu's command is not. */
export async function chooseFile(wanted: Wanted): Promise<void> {
  if (!shell) return chooseInBrowser(wanted);
  try {
    for (const path of await shell.showOpenDialog(wanted)) await openFileAt(path);
  } catch (error) {
    reportError(error);
  }
}

function chooseInBrowser(wanted: Wanted): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED[wanted];
  input.multiple = wanted === 'images';
  input.addEventListener('change', async () => {
    for (const file of input.files ?? []) await openFile(file);
  });
  input.click();
}
