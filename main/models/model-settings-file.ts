/**
 * The person's decisions about models as a file, `models.json` in the data folder.
 */
import { readFileSync } from 'node:fs';
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

/** Never throws: what cannot be read takes its default. At once, because everything else depends on it. */
export function loadModelSettings(dataFolder: string): ModelSettings {
  try {
    return readModelSettings(JSON.parse(readFileSync(settingsPath(dataFolder), 'utf8')));
  } catch {
    return readModelSettings({});
  }
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
