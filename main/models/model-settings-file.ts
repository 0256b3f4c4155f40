/**
 * The person's decisions about models as a file, `models.json` in the data folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelSettings, parseModelSettingsChange, readModelSettings } from '../../app/catalog/model-settings.ts';
import type { ModelFolders } from '../checkpoints/model-store.ts';
import { saveJsonText } from '../library/json-file.ts';
import type { Paths } from '../paths.ts';

function settingsPath(dataFolder: string): string {
  return join(dataFolder, 'models.json');
}

/** Where models are looked for. */
export function modelFolders(
  paths: Pick<Paths, 'models' | 'starter'>,
  { folder, shared }: Pick<ModelSettings, 'folder' | 'shared'>,
): ModelFolders {
  return { models: folder ?? paths.models, starter: paths.starter, shared };
}

/**
 * Never throws: what cannot be read takes its default. At once, because everything else depends on it. After a move that was
 * killed, the folder is the one that is there.
 */
export function loadModelSettings(dataFolder: string): ModelSettings {
  const settings = readModelSettings(readObject(settingsPath(dataFolder)));
  const { from, to } = readObject(movePath(dataFolder)) as { from?: unknown; to?: unknown };
  const wasMoved = typeof from === 'string' && typeof to === 'string' && !existsSync(from) && existsSync(to);
  return wasMoved ? { ...settings, folder: to } : settings;
}

function readObject(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/**
 * Changes the models folder while `move` moves it. A note says from where to where, in case that it is killed between the
 * move and the change.
 */
export async function noteMove(
  dataFolder: string,
  way: { readonly from: string; readonly to: string },
  move: () => Promise<void>,
): Promise<void> {
  await saveJsonText(movePath(dataFolder), JSON.stringify(way));
  try {
    await move();
  } finally {
    await rm(movePath(dataFolder), { force: true });
  }
}

function movePath(dataFolder: string): string {
  return join(dataFolder, 'models-move.json');
}

/**
 * Changes some settings and keeps the others as they are on the disk.
 *
 * @throws StudioError bad-request for a value that makes no sense, unwritable, disk-full
 */
export async function saveModelSettings(dataFolder: string, change: Partial<ModelSettings>): Promise<ModelSettings> {
  const settings = { ...loadModelSettings(dataFolder), ...parseModelSettingsChange(change, 'settings') };
  await saveJsonText(settingsPath(dataFolder), `${JSON.stringify(settings, null, 2)}\n`);
  return settings;
}
