/**
 * `underpaint generate`: requests become pictures.
 */
import type { Command } from 'commander';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { unpackMask } from '../jobs/packed-mask.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { writePicture } from '../jobs/write-picture.ts';
import { unpackArea } from '../tasks/area-record.ts';
import { decodeArea } from '../tasks/paint-tasks.ts';
import type { AreaTask } from '../tasks/picture-task.ts';
import { blankArea, parseSize, planArea } from './area-plan.ts';
import { chooseControl } from './choose-control.ts';
import { type GenerateFlags, generateFlags } from './generate-flags.ts';
import { checkFlags, type PlannedPicture, planPictures, readRecord, requestedSettings } from './generate-plan.ts';
import { chooseLabel, paintPictures, type Run, withRun } from './picture-run.ts';
import { readSource } from './source-picture.ts';

export function generateCommand(): Command {
  return generateFlags().action(runGenerate);
}

async function runGenerate(flags: GenerateFlags): Promise<void> {
  checkFlags(flags);
  const size = flags.size === undefined ? undefined : parseSize(flags.size);
  const record = await readRecord(flags.from);
  const pictures = await planPictures(flags, record);
  await withRun(flags, { record, needed: true }, async (run) => {
    if (record && !run.same) {
      run.report.warn(`The files of ${run.model.card.id} are not those that made the picture; it will look different.`);
    }
    const recorded = record?.area && (await unpackArea(record.area, (await readSource(flags.from as string)).image));
    if (record && flags.decodeOnly) return decodePicture(run, record, recorded, pictures[0]!);
    const { description } = run;
    const label = chooseLabel(flags.label, description, record);
    const settings = resolveSettings(description.settings, requestedSettings(flags, record));
    const area = size ? planArea(blankArea(size), size, flags, description) : recorded;
    const prompt = flags.prompt ?? record?.request.prompt;
    const control = await chooseControl(flags, description, record);
    const kept = keptOf(record);
    await paintPictures(run, pictures, (seed) => ({
      request: { model: run.model.folder, label, prompt, control, seed, settings, kept },
      area,
    }));
  });
}

/** What a branch took over stands in its own tokens. */
function keptOf(record: PictureRecord | undefined) {
  const packed = record?.request.kept;
  if (!record || packed === undefined) return undefined;
  const tokens = unpackTokens(record.tokens);
  return {
    tokens,
    mask: unpackMask(
      packed,
      record.tokens.counts.reduce((sum, count) => sum + count, 0),
    ),
  };
}

async function decodePicture(
  { studio, model, options, signal, report }: Run,
  record: PictureRecord,
  area: AreaTask | undefined,
  { out, seed }: PlannedPicture,
): Promise<void> {
  const image = area
    ? await decodeArea(studio, model, record, area, options, signal)
    : await studio.decode(model, record, options, signal);
  await writePicture(out, { image, record });
  report.finish({ n: 1, file: out, seed, width: image.width, height: image.height, report: undefined });
}
