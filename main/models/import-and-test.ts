/**
 * Files become a model that has been tried: with its preview, a second of painting, and a thumbnail.
 */
import { isCancelled, type SerializedError, serializeError } from '../../app/base/errors.ts';
import type { Imported, WorkEvent } from '../../app/contracts/models-api.ts';
import type { ImportRequest } from '../checkpoints/import-model.ts';
import type { Studio } from '../studio.ts';
import type { ModelThumbnails } from './thumbnails.ts';

const SELF_TEST_MS = 1_000;

export interface Importing {
  readonly studio: Studio;
  readonly thumbnails: ModelThumbnails;
  readonly signal: AbortSignal;
  readonly onWork: (event: WorkEvent) => void;
}

/**
 * Throws what `importModel` throws. A self-test that fails is told, and the model stays: a setting may help.
 *
 * @param test whether it is tried; that loads the model, which takes seconds and its size in memory
 */
export async function importAndTest(request: ImportRequest, importing: Importing, test: boolean): Promise<Imported> {
  const { studio, signal, onWork } = importing;
  const on = request.facts?.name ?? request.id ?? request.files[0] ?? '';
  onWork({ stage: 'preview', share: 0, on });
  const { card, previewProblem } = await studio.importModel(request, signal);
  const problems: SerializedError[] = previewProblem ? [serializeError(previewProblem)] : [];
  if (!test) return { id: card.id, name: card.name, selfTest: null, problems };
  onWork({ stage: 'self-test', share: 0.7, on: card.name });
  const selfTest = await testModel(card.id, importing).catch((error) => {
    if (isCancelled(error)) throw error;
    problems.push(serializeError(error));
    return null;
  });
  return { id: card.id, name: card.name, selfTest, problems };
}

async function testModel(id: string, { studio, thumbnails, signal }: Importing): Promise<Imported['selfTest']> {
  const model = await studio.models.find(id);
  const options = studio.optionsFor(model, {});
  const report = await studio.engine.call('selfTest', [model.source, options, SELF_TEST_MS], { signal });
  await thumbnails.write(id, report.image);
  const { step, steps, loadMs, totalMs } = report;
  return { step, steps, milliseconds: loadMs + totalMs };
}
