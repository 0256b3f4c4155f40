/**
 * Pictures of the library, back on the canvas or in the panel.
 */
import type { PictureEntry } from '../../app/library/picture-entry.ts';
import { recall } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { host } from '../transport/host.ts';
import { restoreMap } from './control-map.ts';
import { insertPicture, restoreMaking } from './painting-files.ts';

/** Over the frame, with its request and its tokens. */
export async function openPicture(id: string): Promise<void> {
  try {
    const opened = await host('openPicture', [id]);
    if (opened.making) await restoreMaking(opened, id);
    else insertPicture(opened, id);
  } catch (error) {
    reportError(error);
  }
}

export async function recallPicture({ id }: PictureEntry, part: 'all' | 'seed'): Promise<void> {
  try {
    const { making } = await host('openPicture', [id]);
    if (!making) return;
    await recall(making.request, part);
    if (part === 'all') restoreMap(making.request.control);
  } catch (error) {
    reportError(error);
  }
}
