/**
 * From requests to pictures with their records, on an engine.
 */
import type { EngineApi, EngineOptions, PictureEvent, RunReport } from '../app/contracts/engine-api.ts';
import type { PipelineEvent } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../app/generation/request.ts';
import { resolveSettings } from '../app/generation/resolve-settings.ts';
import { stepTokens } from '../app/generation/step-tokens.ts';
import type { Model } from './checkpoints/model-folder.ts';
import type { Supervisor } from './engine/supervisor.ts';
import { recordControl } from './jobs/control-maps.ts';
import type { FileFingerprint } from './jobs/fingerprint.ts';
import { packMask } from './jobs/packed-mask.ts';
import { packTokens } from './jobs/packed-tokens.ts';
import type { PictureRecord } from './jobs/picture-record.ts';
import type { Picture } from './jobs/write-picture.ts';
import { APP_VERSION } from './paths.ts';

/** What makes pictures. */
export type Engine = Pick<Supervisor<EngineApi>, 'call'>;

/** A model that was opened: what all of its pictures share. */
export interface ReadyModel {
  readonly model: Model;
  readonly options: EngineOptions;
  readonly description: ModelDescription;
  /** Of its checkpoint files. */
  readonly files: readonly FileFingerprint[];
}

export interface MadePicture extends Picture {
  readonly report: RunReport;
}

export interface BatchCall {
  /** Told of every event with the place of its picture; the next one waits for it. */
  readonly onEvent?: ((picture: number, event: PipelineEvent) => void | Promise<void>) | undefined;
  /** Told of each picture as soon as it is there, in any order. */
  readonly onPicture: (picture: number, made: MadePicture) => void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes pictures of one model, as many at once as memory allows. The engine goes on while a picture is dealt with. What goes
 * wrong ends it; the pictures that were told of are made.
 *
 * @throws StudioError bad-request; cancelled when the signal is aborted; and what can go wrong in the engine
 */
export async function generatePictures(
  engine: Engine,
  ready: ReadyModel,
  requests: readonly GenerationRequest[],
  { onEvent, onPicture, signal }: BatchCall,
): Promise<void> {
  const { model, options, description } = ready;
  const complete = requests.map((request) => ({
    ...request,
    settings: resolveSettings(description.settings, request.settings),
  }));
  const listen = async ({ picture, event, report }: PictureEvent) => {
    await onEvent?.(picture, event);
    if (event.type !== 'image' || !report) return;
    const { image, tokens } = event;
    const record = await recordOf(ready, complete[picture] as GenerationRequest, report, tokens);
    await onPicture(picture, { image, report, record });
  };
  await engine.call('generateBatch', [model.source, options, complete], { onEvent: listen, signal });
}

async function recordOf(
  { model, description, files }: ReadyModel,
  { label, prompt, control, seed, settings, kept }: GenerationRequest,
  { provider, precision }: RunReport,
  tokens: Int32Array,
): Promise<PictureRecord> {
  const { id, name, family } = model.card;
  const labelName = label === null ? null : (description.labels[label] ?? null);
  return {
    version: 1,
    app: APP_VERSION,
    model: { id, name, family, files },
    request: {
      label,
      labelName,
      ...(prompt !== undefined && { prompt }),
      ...(control && { control: await recordControl(control) }),
      seed,
      settings,
      kept: kept && packMask(kept.mask),
    },
    provider,
    precision,
    tokens: packTokens(tokens, { ...description, tokensPerStep: stepTokens(description, { control, settings }) }),
  };
}
