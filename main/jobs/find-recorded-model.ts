/**
 * Finds the model that a picture was made with.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Model } from '../checkpoints/model-folder.ts';
import type { ModelStore } from '../checkpoints/model-store.ts';
import { fingerprintFiles, sameFingerprints } from './fingerprint.ts';
import type { PictureRecord } from './picture-record.ts';

export interface RecordedModel {
  readonly model: Model;
  /** Whether its files are those that made the picture; if not, the picture will be another one. */
  readonly same: boolean;
}

/**
 * The model of the same files, whatever it is called here, or else that of the same id.
 *
 * @throws StudioError unknown-model when there is neither
 */
export async function findRecordedModel(store: ModelStore, { model }: PictureRecord): Promise<RecordedModel> {
  const entries = (await store.list()).filter(({ problem }) => problem === undefined);
  const namesake = ({ id }: { id: string }) => id === model.id;
  const ordered = [...entries.filter(namesake), ...entries.filter((entry) => !namesake(entry))];
  for (const { folder } of ordered) {
    const candidate = await store.find(folder);
    if (await hasFiles(candidate, model.files)) return { model: candidate, same: true };
  }
  const [first] = ordered;
  if (first && namesake(first)) return { model: await store.find(first.folder), same: false };
  throw new StudioError(
    'unknown-model',
    `The picture was made with "${model.name}" (${model.id}), which is not here.`,
    {
      hint: 'Import that model first, or name its folder with --model.',
    },
  );
}

export async function hasFiles({ source }: Model, files: PictureRecord['model']['files']): Promise<boolean> {
  return sameFingerprints(await fingerprintFiles(source.files), files);
}
