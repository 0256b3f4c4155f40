/**
 * A run of a command that paints: the model that is loaded, and pictures one after the other.
 */
import { findLabel } from '../../app/catalog/find-label.ts';
import type { StepEvent } from '../../app/generation/pipeline-event.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { TimeLeft } from '../../app/jobs/time-left.ts';
import type { Model } from '../checkpoints/model-folder.ts';
import { findRecordedModel, hasFiles, type RecordedModel } from '../jobs/find-recorded-model.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { writePicture } from '../jobs/write-picture.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { paintTasks } from '../tasks/paint-tasks.ts';
import type { PictureTask } from '../tasks/picture-task.ts';
import { engineOptions } from './engine-flags.ts';
import { writeFrame } from './frame-writer.ts';
import type { PlannedPicture } from './generate-plan.ts';
import { type GenerateReport, JSON_REPORT } from './generate-report.ts';
import type { PictureFlags } from './picture-flags.ts';
import { createTerminalReport } from './terminal-report.ts';
import { withStudio } from './with-studio.ts';

/** Everything that the pictures of a run share. */
export interface Run {
  readonly studio: Studio;
  readonly signal: AbortSignal;
  readonly report: GenerateReport;
  readonly options: AskedOptions;
  readonly model: Model;
  readonly description: ModelDescription;
  /** Whether the model has the files that the record names. */
  readonly same: boolean;
}

interface Before {
  /** Of the picture that is gone on from; its model is meant where no flag says another. */
  readonly record: PictureRecord | undefined;
  /** Whether the picture is to be made again: it takes this model then, and the recorded options. */
  readonly needed: boolean;
}

export async function withRun(
  flags: PictureFlags,
  { record, needed }: Before,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const report = flags.json ? JSON_REPORT : createTerminalReport();
  try {
    await withStudio(async (studio, signal) => {
      const { model, same } = await chooseModel(studio, flags, record).catch((error) => {
        if (needed) throw error;
        return chooseModel(studio, flags, undefined);
      });
      const options = await chooseOptions(studio, flags, needed ? record : undefined, report);
      const description = await studio.describe(model, options, signal);
      await work({ studio, signal, report, options, model, description, same });
    });
  } finally {
    report.close();
  }
}

async function chooseModel(
  { models }: Studio,
  flags: PictureFlags,
  record: PictureRecord | undefined,
): Promise<RecordedModel> {
  if (record && flags.model === undefined) return findRecordedModel(models, record);
  const model = await models.find(flags.model);
  return { model, same: record !== undefined && (await hasFiles(model, record.model.files)) };
}

/** A recorded provider that this machine does not have is no reason to fail. */
async function chooseOptions(
  studio: Studio,
  flags: PictureFlags,
  record: PictureRecord | undefined,
  report: GenerateReport,
): Promise<AskedOptions> {
  const options = engineOptions(flags, record);
  const recorded = flags.provider === undefined && record !== undefined && options.provider !== 'cpu';
  if (!recorded) return options;
  const { providers } = await studio.devices({ ...options, provider: 'auto' });
  if (providers.some(({ id, usable }) => id === options.provider && usable)) return options;
  report.warn(`The picture was made on ${record.provider}, which is not here; small differences are possible.`);
  return { ...options, provider: 'auto' };
}

/** The label of the flag, else the recorded one, else none. */
export function chooseLabel(
  text: string | undefined,
  { labels, classes }: ModelDescription,
  record: PictureRecord | undefined,
): number | null {
  return text === undefined ? (record?.request.label ?? null) : findLabel(text, labels, classes);
}

/** @param taskOf the task for a seed, with all settings */
export async function paintPictures(
  run: Run,
  pictures: readonly PlannedPicture[],
  taskOf: (seed: number) => PictureTask,
): Promise<void> {
  const { studio, options, signal, report } = run;
  const tasks = pictures.map(({ seed }) => taskOf(seed));
  await paintTasks(studio, tasks, options, {
    signal,
    onStep: follow(run, pictures, tasks),
    onPicture: async (at, made) => {
      const { out, seed } = pictures[at] as PlannedPicture;
      await writePicture(out, made);
      const { width, height } = made.image;
      report.finish({ n: at + 1, file: out, seed, width, height, report: made.report });
    },
  });
}

/** Tells of pictures that begin and of their steps; the time left is that of all. */
function follow(
  { report, model, description }: Run,
  pictures: readonly PlannedPicture[],
  tasks: readonly PictureTask[],
): (at: number, event: StepEvent) => Promise<void> {
  const { tokensPerStep, labels, stepKind = 'scale' } = description;
  const timeLeft = new TimeLeft();
  const progress = pictures.map(() => 0);
  return async (at, event) => {
    const { label, prompt, seed, settings } = (tasks[at] as PictureTask).request;
    const { frames } = pictures[at] as PlannedPicture;
    const labelName = label === null ? (prompt ?? null) : (labels[label] ?? null);
    const what = { model: model.card.id, label, labelName, seed, settings, steps: event.steps, stepKind };
    if (event.step === 0) report.start({ n: at + 1, count: pictures.length, ...what });
    progress[at] = event.progress;
    const done = progress.reduce((sum, share) => sum + share, 0) / pictures.length;
    const leftMs = timeLeft.update(done, performance.now());
    const tokens = tokensPerStep[event.step % tokensPerStep.length] ?? 0;
    report.step(at + 1, { ...event, tokens }, leftMs, frames && (await writeFrame(frames, event, description)));
  };
}
