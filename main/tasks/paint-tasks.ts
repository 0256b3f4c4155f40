/**
 * Paints the pictures of tasks with the engine, frame by frame where they are areas.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { RunReport } from '../../app/contracts/engine-api.ts';
import type { Rect } from '../../app/document/document.ts';
import type { PipelineEvent, RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, ModelDescription } from '../../app/generation/request.ts';
import { frameControl } from '../../app/tasks/frame-control.ts';
import { frameSeed } from '../../app/tasks/frame-seed.ts';
import {
  countFrames,
  type FrameModel,
  type PaintedFrame,
  paintArea,
  plannedFrames,
} from '../../app/tasks/paint-area.ts';
import type { Model } from '../checkpoints/model-folder.ts';
import type { MadePicture } from '../generate-pictures.ts';
import { recordControl } from '../jobs/control-maps.ts';
import { packTokens, unpackTokens } from '../jobs/packed-tokens.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import type { AskedOptions, GenerateCall, Studio } from '../studio.ts';
import { packArea } from './area-record.ts';
import type { AreaTask, PictureTask } from './picture-task.ts';

export interface TasksCall {
  /** Told of every step of every frame; their numbers and the progress are those of the whole picture. */
  readonly onStep?: ((picture: number, event: StepEvent) => void | Promise<void>) | undefined;
  readonly onPicture: (picture: number, made: MadePicture) => void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Paints the pictures of tasks with one model: those of the model's own size as a batch, areas one after the other.
 *
 * @throws StudioError as `Studio.generateBatch` and `paintArea`
 */
export async function paintTasks(
  studio: Studio,
  tasks: readonly PictureTask[],
  options: AskedOptions,
  { onStep, onPicture, signal }: TasksCall,
): Promise<void> {
  const onEvent = (picture: number, event: PipelineEvent) =>
    event.type === 'step' ? onStep?.(picture, event) : undefined;
  if (!tasks.some(({ area }) => area)) {
    const requests = tasks.map(({ request }) => request);
    return studio.generateBatch(requests, options, { onEvent, onPicture, signal });
  }
  for (const [picture, task] of tasks.entries()) {
    const call = { signal, onEvent: (event: PipelineEvent) => onEvent(picture, event) };
    await onPicture(picture, await paintTask(studio, task, options, call));
  }
}

export interface PictureCall extends GenerateCall {
  /** Told of each frame of an area. */
  readonly onFrame?: ((frame: PaintedFrame) => void) | undefined;
  /** Symbols of an area's first frames, where they were painted before: it goes on after them. */
  readonly done?: Int32Array | undefined;
}

/** @param task its request names the model by id or folder */
export async function paintTask(
  studio: Studio,
  { request, area }: PictureTask,
  options: AskedOptions,
  { onEvent, onFrame, done, signal }: PictureCall = {},
): Promise<MadePicture> {
  if (!area) return studio.generate(request, options, { onEvent, signal });
  const model = await studio.models.find(request.model);
  const description = await studio.describe(model, options, signal);
  const planned = plannedFrames(area.area, area.plan);
  const frames = planned.length;
  const made: MadePicture[] = [];
  const source = [model.source, studio.optionsFor(model, options)] as const;
  const before = framesDone(done, description, frames);
  let painted = 0;
  const painter: FrameModel = {
    description,
    // What is done is not drawn again, so that nothing needs to be kept either.
    encode: async (image) =>
      painted < before.length
        ? (before[painted] as Int32Array)
        : studio.engine.call('encode', [...source, image], { signal }),
    async paint(kept, frame, seen) {
      painted = frame + 1;
      const tokens = before[frame];
      if (tokens)
        return { image: await studio.engine.call('decode', [...source, tokens, undefined], { signal }), tokens };
      const place = planned[frame]?.seen as Rect;
      const control = request.control && controlOf(request.control, { area, place, seen, description });
      const own = { ...request, control, seed: frameSeed(request.seed, frame), kept };
      const call = { signal, onEvent: (event: PipelineEvent) => onEvent?.(partOf(event, frame, frames)) };
      const picture = await studio.generate(own, options, call);
      made.push(picture);
      return { image: picture.image, tokens: unpackTokens(picture.record.tokens) };
    },
  };
  const { image, tokens } = await paintAll(area, painter, onFrame);
  return { image, report: sumOf(made), record: await recordOf(made, { request, area }, tokens, description) };
}

/**
 * The picture of an area from the tokens of its frames; the transformer is not run.
 *
 * @throws bad-request when the model has other tokens
 */
export async function decodeArea(
  studio: Studio,
  model: Model,
  record: PictureRecord,
  area: AreaTask,
  options: AskedOptions,
  signal?: AbortSignal,
): Promise<RgbImage> {
  const description = await studio.describe(model, options, signal);
  const frames = countFrames(area.area, area.plan);
  const all = unpackTokens(record.tokens);
  const count = all.length / frames;
  const steps = description.tokensPerStep.length;
  if (record.tokens.counts.length !== frames * steps || !Number.isInteger(count)) {
    throw new StudioError('bad-request', `The tokens of the picture are not those of ${description.title}.`, {
      hint: 'Name the model that made the picture with --model.',
    });
  }
  const painter: FrameModel = {
    description,
    // Nothing is drawn, so that nothing needs to be kept either.
    encode: async () => new Int32Array(count),
    async paint(_, frame) {
      const tokens = all.slice(frame * count, (frame + 1) * count);
      const counts = record.tokens.counts.slice(frame * steps, (frame + 1) * steps);
      const packed = packTokens(tokens, { ...description, tokensPerStep: counts });
      return { image: await studio.decode(model, { ...record, tokens: packed }, options, signal), tokens };
    },
  };
  return (await paintAll(area, painter)).image;
}

async function paintAll(
  { area, plan }: AreaTask,
  painter: FrameModel,
  onFrame?: PictureCall['onFrame'],
): Promise<{ image: RgbImage; tokens: readonly Int32Array[] }> {
  const tokens: Int32Array[] = [];
  let image = area.image;
  for await (const frame of paintArea(area, plan, painter)) {
    tokens.push(frame.tokens);
    ({ image } = frame);
    onFrame?.(frame);
  }
  return { image, tokens };
}

/** The tokens of whole frames; the last frame is always painted, for what it was painted with goes into the record. */
function framesDone(
  done: Int32Array = new Int32Array(0),
  { tokensPerStep, symbolsPerToken }: ModelDescription,
  frames: number,
): readonly Int32Array[] {
  const symbols = tokensPerStep.reduce((sum, count) => sum + count, 0) * symbolsPerToken;
  const whole = Math.min(Math.floor(done.length / symbols), frames - 1);
  return Array.from({ length: whole }, (_, frame) => done.slice(frame * symbols, (frame + 1) * symbols));
}

interface SeenFrame {
  readonly area: AreaTask;
  /** Of the frame, in pixels of the area. */
  readonly place: Rect;
  /** What it shows. */
  readonly seen: RgbImage;
  readonly description: ModelDescription;
}

/** Of an edit, each frame changes what it sees; of a map, it follows its part. */
function controlOf(control: ControlMap, { area, place, seen, description }: SeenFrame): ControlMap {
  if (control.kind === 'source') return { ...control, image: seen };
  return frameControl(control, area.area.cover, place, description);
}

/** An event of a frame as one of the whole task. */
function partOf(event: PipelineEvent, frame: number, frames: number): PipelineEvent {
  if (event.type === 'image') return event;
  const { step, steps, progress } = event;
  return { ...event, step: frame * steps + step, steps: frames * steps, progress: (frame + progress) / frames };
}

/** The times of all frames together; the first preview is that of the first. */
function sumOf(made: readonly MadePicture[]): RunReport {
  const reports = made.map(({ report }) => report);
  const [first] = reports;
  if (!first) throw new StudioError('internal', 'An area was painted without a frame.');
  const sum = (key: 'loadMs' | 'totalMs' | 'decodeMs') => reports.reduce((total, report) => total + report[key], 0);
  const peakRssBytes = Math.max(...reports.map((report) => report.peakRssBytes));
  return { ...first, loadMs: sum('loadMs'), totalMs: sum('totalMs'), decodeMs: sum('decodeMs'), peakRssBytes };
}

async function recordOf(
  made: readonly MadePicture[],
  { request: { seed, control }, area }: PictureTask & { readonly area: AreaTask },
  tokens: readonly Int32Array[],
  description: ModelDescription,
): Promise<PictureRecord> {
  const { record } = made[0] as MadePicture;
  const { version, app, model, provider, precision } = record;
  const { kept, ...request } = record.request;
  // Of an edit, the area has what was changed.
  const whole = control?.kind === 'source' ? undefined : control;
  const all = new Int32Array(tokens.reduce((sum, part) => sum + part.length, 0));
  for (const [frame, part] of tokens.entries()) all.set(part, frame * part.length);
  const tokensPerStep = tokens.flatMap(() => description.tokensPerStep);
  return {
    version,
    app,
    model,
    request: { ...request, ...(whole && { control: await recordControl(whole) }), seed },
    area: await packArea(area),
    provider,
    precision,
    tokens: packTokens(all, { ...description, tokensPerStep }),
  };
}
