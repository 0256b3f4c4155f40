/**
 * Checkpoint files that a person chooses or drops.
 */
import type { OpenKind } from '../../app/contracts/shell-api.ts';
import { inspect, reportProblem, showManager } from '../stores/manager-store.ts';
import { notify } from '../stores/notice-store.ts';
import { words } from '../text/words.ts';
import { shell } from '../transport/host.ts';

const CHECKPOINT = /\.(pth|pt|bin|ckpt|safetensors)$/i;

/** Whether a dropped file is meant for the model manager and not for the canvas. */
export function isCheckpoint({ name }: Pick<File, 'name'>): boolean {
  return CHECKPOINT.test(name);
}

/** Looks at dropped files. A browser does not say where they lie, so there the person has to. */
export async function dropModelFiles(files: readonly File[]): Promise<void> {
  showManager('add');
  const paths = files.map((file) => shell?.pathForFile(file) ?? '').filter((path) => path !== '');
  if (paths.length > 0) await inspect(paths);
  else notify('info', words().models.dropInBrowser);
}

/** Only in the desktop program. */
export async function chooseModelFiles(kind: Extract<OpenKind, 'model' | 'folder'>): Promise<void> {
  try {
    const paths = (await shell?.showOpenDialog(kind)) ?? [];
    if (paths.length > 0) await inspect(paths);
  } catch (error) {
    reportProblem(error);
  }
}
