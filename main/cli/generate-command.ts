/**
 * `underpaint generate`: requests become pictures.
 */
import type { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { findLabel } from '../../app/catalog/find-label.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, ModelDescription } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { TimeLeft } from '../../app/jobs/time-left.ts';
import type { Model } from '../checkpoints/model-folder.ts';
import { readControlFile, readRecordedControl } from '../jobs/control-maps.ts';
import { findRecordedModel, hasFiles, type RecordedModel } from '../jobs/find-recorded-model.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { writePicture } from '../jobs/write-picture.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { engineOptions } from './engine-flags.ts';
import { writeFrame } from './frame-writer.ts';
import { type GenerateFlags, generateFlags } from './generate-flags.ts';
import { checkFlags, type PlannedPicture, planPictures, readRecord, requestedSettings } from './generate-plan.ts';
import { type GenerateReport, JSON_REPORT, type StartedPicture } from './generate-report.ts';
import { createTerminalReport } from './terminal-report.ts';
import { withStudio } from './with-studio.ts';

/** Everything that the pictures of a run share. */
interface Run {
  readonly studio: Studio;
  readonly signal: AbortSignal;
  readonly report: GenerateReport;
  readonly flags: GenerateFlags;
  readonly record: PictureRecord | undefined;
  readonly options: AskedOptions;
  readonly model: Model;
}

export function generateCommand(): Command {
  return generateFlags().action(runGenerate);
}

async function runGenerate(flags: GenerateFlags): Promise<void> {
  checkFlags(flags);
  const record = await readRecord(flags.from);
  const pictures = await planPictures(flags, record);
  const report = flags.json ? JSON_REPORT : createTerminalReport();
  try {
    await withStudio(async (studio, signal) => {
      const { model, same } = await chooseModel(studio, flags, record);
      if (!same)
        report.warn(`The files of ${model.card.id} are not those that made the picture; it will look different.`);
      const options = await chooseOptions(studio, flags, record, report);
      const run: Run = { studio, signal, report, flags, record, options, model };
      if (record && flags.decodeOnly) await decodePicture(run, record, pictures[0]!);
      else await makePictures(run, pictures);
    });
  } finally {
    report.close();
  }
}

async function chooseModel(
  { models }: Studio,
  flags: GenerateFlags,
  record: PictureRecord | undefined,
): Promise<RecordedModel> {
  if (record && flags.model === undefined) return findRecordedModel(models, record);
  const model = await models.find(flags.model);
  return { model, same: !record || (await hasFiles(model, record.model.files)) };
}

/** A recorded provider that this machine does not have is no reason to fail. */
async function chooseOptions(
  studio: Studio,
  flags: GenerateFlags,
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

async function makePictures(run: Run, pictures: readonly PlannedPicture[]): Promise<void> {
  const { studio, model, options, signal, flags, record } = run;
  const description = await studio.describe(model, options, signal);
  const label = chooseLabel(flags.label, description, record);
  const prompt = flags.prompt ?? record?.request.prompt;
  const control = await chooseControl(flags, description, record);
  const settings = resolveSettings(description.settings, requestedSettings(flags, record));
  const labelName = label === null ? (prompt ?? null) : (description.labels[label] ?? null);
  const shared = { count: pictures.length, model: model.card.id, label, labelName, settings };
  const requests = pictures.map(({ seed }) => ({ model: model.folder, label, prompt, control, seed, settings }));
  await studio.generateBatch(requests, options, {
    signal,
    onEvent: follow(run, pictures, description, shared),
    onPicture: async (at, made) => {
      const { out, seed } = pictures[at] as PlannedPicture;
      await writePicture(out, made);
      const { width, height } = made.image;
      run.report.finish({ n: at + 1, file: out, seed, width, height, report: made.report });
    },
  });
}

/** The label of the flag, else the recorded one. */
function chooseLabel(
  text: string | undefined,
  { labels, classes }: ModelDescription,
  record: PictureRecord | undefined,
): number | null {
  return text === undefined ? (record?.request.label ?? null) : findLabel(text, labels, classes);
}

/** The map of the flag, else the recorded one. */
async function chooseControl(
  { control: file, controlKind }: GenerateFlags,
  { controls, title }: ModelDescription,
  record: PictureRecord | undefined,
): Promise<ControlMap | undefined> {
  const recorded = record?.request.control;
  if (file === undefined) return recorded && readRecordedControl(recorded);
  const kind = controlKind ?? (controls.length > 1 ? undefined : controls[0]);
  if (kind) return { kind, image: await readControlFile(file) };
  const hint = controls.length > 1 ? `Add --control-kind: ${controls.join(', ')}.` : 'Leave --control out.';
  const problem = controls.length > 1 ? 'follows several kinds of maps: say which one it is' : 'follows no control map';
  throw new StudioError('bad-request', `${title} ${problem}.`, { hint });
}

/** Tells of pictures that begin and of their steps; the time left is that of all. */
function follow(
  { report }: Run,
  pictures: readonly PlannedPicture[],
  description: ModelDescription,
  shared: Omit<StartedPicture, 'n' | 'seed' | 'steps'>,
) {
  const timeLeft = new TimeLeft();
  const progress = pictures.map(() => 0);
  return async (at: number, event: PipelineEvent) => {
    if (event.type !== 'step') return;
    const { seed, frames } = pictures[at] as PlannedPicture;
    if (event.step === 0) report.start({ n: at + 1, seed, steps: description.tokensPerStep.length, ...shared });
    progress[at] = event.progress;
    const done = progress.reduce((sum, share) => sum + share, 0) / pictures.length;
    const leftMs = timeLeft.update(done, performance.now());
    const tokens = description.tokensPerStep[event.step] ?? 0;
    report.step(at + 1, { ...event, tokens }, leftMs, frames && (await writeFrame(frames, event, description)));
  };
}

async function decodePicture(run: Run, record: PictureRecord, { out, seed }: PlannedPicture): Promise<void> {
  const image = await run.studio.decode(run.model, record, run.options, run.signal);
  await writePicture(out, { image, record });
  run.report.finish({ n: 1, file: out, seed, width: image.width, height: image.height, report: undefined });
}
