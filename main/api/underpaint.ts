/**
 * The Node API: what a script imports from `underpaint`. The command line uses the same.
 */

export { type ErrorCode, StudioError } from '../../app/base/errors.ts';
export type { BatchEvent, BatchResult, FailedPicture } from '../../app/batch/batch-event.ts';
export type { OutputOptions, PictureFormat } from '../../app/batch/batch-options.ts';
export { type BatchPlan, type PlanEntry, type PlanValue, planFromData } from '../../app/batch/plan.ts';
export type { EngineOptions } from '../../app/contracts/engine-api.ts';
export type { PipelineEvent, RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
export type { ModelDescription, SettingSpec, Settings } from '../../app/generation/request.ts';
export type { BatchEstimate } from '../batch/estimate-batch.ts';
export { type Batch, type BatchOptions, openBatch } from '../batch/open-batch.ts';
export { parsePlanText, readPlanFile } from '../batch/plan-file.ts';
export type { BatchPicture } from '../batch/prepare-batch.ts';
export type { Model } from '../checkpoints/model-folder.ts';
export type { ModelEntry } from '../checkpoints/model-store.ts';
export type { MadePicture } from '../generate-pictures.ts';
export { readPictureRecord } from '../jobs/picture-file.ts';
export type { PictureRecord } from '../jobs/picture-record.ts';
export { type Picture, writePicture } from '../jobs/write-picture.ts';
export {
  type AskedOptions,
  type GenerateCall,
  type OpenStudioOptions,
  openStudio,
  type PictureRequest,
  type Studio,
} from '../studio.ts';
