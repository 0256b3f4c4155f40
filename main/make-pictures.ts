/**
 * From requests to pictures with their records, on an engine.
 */
import { StudioError } from '../app/base/errors.ts';
import type { EngineApi, EngineOptions, RunReport } from '../app/contracts/engine-api.ts';
import type { PipelineEvent } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../app/generation/request.ts';
import { resolveSettings } from '../app/generation/resolve-settings.ts';
import type { Model } from './checkpoints/model-folder.ts';
import type { Supervisor } from './engine/supervisor.ts';
import type { FileFingerprint } from './jobs/fingerprint.ts';
import { packTokens } from './jobs/packed-tokens.ts';
import type { PictureRecord } from './jobs/picture-record.ts';
import type { Picture } from './jobs/write-picture.ts';
import { APP_VERSION } from './paths.ts';

/** What makes pictures. */
export type Engine = Pick<Supervisor<EngineApi>, 'call'>;

/** A model that was opened: what all of its pictures share. */
export interface ReadyModel {
  readonly model: Model;
  readonly description: ModelDescription;
  /** Of its checkpoint files. */
  readonly files: readonly FileFingerprint[];
}

export interface MadePicture extends Picture {
  readonly report: RunReport;
}

export interface GenerateCall {
  /** Told of every step; the next one waits for it. */
  readonly onEvent?: ((event: PipelineEvent) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Throws `bad-request`, `cancelled` when the signal is aborted, and what can go wrong in the engine. */
export async function makePicture(
  engine: Engine,
  ready: ReadyModel,
  request: GenerationRequest,
  options: EngineOptions,
  { onEvent, signal }: GenerateCall = {},
): Promise<MadePicture> {
  const { model, description } = ready;
  const complete = { ...request, settings: resolveSettings(description.settings, request.settings) };
  let made: Extract<PipelineEvent, { type: 'image' }> | undefined;
  const listen = (event: PipelineEvent) => {
    if (event.type === 'image') made = event;
    return onEvent?.(event);
  };
  const report = await engine.call('generate', [model.source, options, complete], { onEvent: listen, signal });
  if (!made) throw new StudioError('internal', 'The engine finished without a picture.');
  const { image, tokens } = made;
  return { image, report, record: recordOf(ready, complete, report, tokens) };
}

export interface MakePicturesCall {
  /** Told of each picture as soon as it is there, in any order; more come when it is done. */
  readonly onPicture: (index: number, picture: Picture) => void | Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Makes pictures of one model. What goes wrong ends it; the pictures that were told of are made.
 *
 * @throws as `makePicture`
 */
export async function makePictures(
  engine: Engine,
  ready: ReadyModel,
  requests: readonly GenerationRequest[],
  options: EngineOptions,
  { onPicture, signal }: MakePicturesCall,
): Promise<void> {
  for (const [index, request] of requests.entries()) {
    await onPicture(index, await makePicture(engine, ready, request, options, { signal }));
  }
}

function recordOf(
  { model, description, files }: ReadyModel,
  { label, seed, settings }: GenerationRequest,
  { provider, precision }: Pick<RunReport, 'provider' | 'precision'>,
  tokens: Int32Array,
): PictureRecord {
  const { id, name, family } = model.card;
  const labelName = label === null ? null : (description.labels[label] ?? null);
  return {
    version: 1,
    app: APP_VERSION,
    model: { id, name, family, files },
    request: { label, labelName, seed, settings },
    provider,
    precision,
    tokens: packTokens(tokens, description),
  };
}
