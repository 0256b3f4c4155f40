/**
 * `underpaint vary`: other pictures with the same first scales.
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { keptSteps } from '../../app/generation/kept-steps.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import type { PictureTask } from '../tasks/picture-task.ts';
import { blankArea, planArea } from './area-plan.ts';
import { planPictures, requestedSettings } from './generate-plan.ts';
import { wholeNumber } from './parse-number.ts';
import { addPictureFlags, COMMON_HELP, type PictureFlags } from './picture-flags.ts';
import { chooseLabel, paintPictures, withRun } from './picture-run.ts';
import { readSource, type SourcePicture } from './source-picture.ts';

interface VaryFlags extends PictureFlags {
  readonly from: string;
  readonly keepScales?: number;
}

const HELP = `
The first scales of a picture are its tone and its composition, the later ones its detail. --keep-scales is how many of them stay:
1 keeps little more than the tone, one below all of them changes no more than the finest detail.

A picture that Underpaint made has its tokens with it, and its label and model are taken over. Any other picture is encoded first,
in frames where it does not have the model's size.
${COMMON_HELP}

Examples:
  $ underpaint vary --from lake.png --keep-scales 5 --count 4 --out lake-{n}.png
  $ underpaint vary --from lake.png --keep-scales 3 --label "snowy village" --out village.png
  $ underpaint vary --from photo.jpg --keep-scales 6 --label harbour --out harbour.png`;

export function varyCommand(): Command {
  const command = new Command('vary')
    .description('Paint other pictures with the same first scales.')
    .requiredOption('--from <picture>', 'the picture: one that Underpaint made, or any PNG, JPEG, WebP or AVIF')
    .option(
      '--keep-scales <number>',
      "how many of its scales stay (default: half of the model's)",
      wholeNumber('--keep-scales', { min: 1, max: 64 }),
    )
    .option('--label <name|index>', 'what to paint (default: what the picture was made with)');
  return addPictureFlags(command).addHelpText('after', HELP).action(runVary);
}

async function runVary(flags: VaryFlags): Promise<void> {
  const source = await readSource(flags.from);
  const pictures = await planPictures(flags, undefined);
  await withRun(flags, { record: source.record, needed: false }, async (run) => {
    for (const note of source.notes) run.report.warn(note);
    const { description, same } = run;
    const known = same ? source.record : undefined;
    const label = chooseLabel(flags.label, description, known);
    const settings = resolveSettings(description.settings, requestedSettings(flags, known));
    const taken = takenOver({ ...source, record: known }, stepsKept(flags, description), description);
    await paintPictures(run, pictures, (seed) => ({
      request: { model: run.model.folder, label, seed, settings, kept: taken.kept },
      area: taken.area,
    }));
  });
}

function stepsKept({ keepScales }: VaryFlags, { tokensPerStep: { length } }: ModelDescription): number {
  const steps = keepScales ?? Math.floor(length / 2);
  if (steps < length) return steps;
  throw new StudioError('bad-request', `--keep-scales must be below ${length}: the model has ${length} scales.`, {
    hint: 'Fewer scales leave more to be painted anew.',
  });
}

/** The tokens of a picture that the model made whole; else the picture, to be encoded. */
function takenOver(
  { image, record }: SourcePicture,
  steps: number,
  description: ModelDescription,
): { kept?: PictureTask['request']['kept']; area?: PictureTask['area'] } {
  if (record && !record.area) {
    return { kept: { tokens: unpackTokens(record.tokens), mask: keptSteps(description, steps) } };
  }
  const area = { ...blankArea(image), image };
  return { area: planArea(area, image, { keepScales: steps }, description) };
}
