/**
 * `underpaint inpaint` and `underpaint edit-class`: a part of a picture is painted anew.
 */
import { Command, Option } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelDescription, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { fadeInwards } from '../../app/imaging/mask-operations.ts';
import { boundsOf } from '../../app/imaging/regions.ts';
import { authorsSettings } from '../../app/tasks/authors-settings.ts';
import { frameAround, frameOfSide } from '../../app/tasks/frame-size.ts';
import type { AreaTask } from '../tasks/picture-task.ts';
import { type PlanFlags, planOf } from './area-plan.ts';
import { planPictures, requestedSettings } from './generate-plan.ts';
import { wholeNumber } from './parse-number.ts';
import { addFrameFlag, addPictureFlags, COMMON_HELP, type PictureFlags } from './picture-flags.ts';
import { chooseLabel, paintPictures, withRun } from './picture-run.ts';
import { readMask, readSource, type SourcePicture } from './source-picture.ts';

interface InpaintFlags extends PictureFlags, PlanFlags {
  readonly image: string;
  readonly mask?: string;
  readonly feather?: number;
}

const MASKS = `
The mask is a picture of the same shape: white is painted anew, black stays to the bit, grey mixes. Of a mask with transparency,
what is opaque is painted. Without --mask, what is transparent in the picture is painted.

The picture keeps its size. Where the model makes smaller or larger ones, it works in frames around the mask; --frame says how
much it sees at once: a larger frame sees more of the surroundings, a smaller one paints finer.`;

const HELP = `${MASKS}

The label says what the model has in mind for the whole picture. Without --label it is the one that the picture was made with, and
no class in particular for a picture of another program.

What is masked has no say in what is painted. --way authors edits as the authors of VAR show it instead: what is masked shows
through in the coarse scales, no class is meant unless --label says one, and all of the frame comes out of the model.
${COMMON_HELP}

Examples:
  $ underpaint inpaint --image lake.png --mask boat.png --out without-boat.png
  $ underpaint inpaint --image photo.jpg --mask sky.png --label "sunset ocean" --count 4 --out sky-{n}.png
  $ underpaint inpaint --image cut-out.png --feather 6 --out whole.png`;

const EDIT_HELP = `${MASKS}

--keep-scales lets the first scales of what is there stay under the mask too: its composition stays, and the class changes.
${COMMON_HELP}

Examples:
  $ underpaint edit-class --image lake.png --mask shore.png --label "snowy village" --out village.png
  $ underpaint edit-class --image lake.png --mask shore.png --label desert --keep-scales 3 --count 4 --out desert-{n}.png`;

const MAX_FEATHER = 512;

export function inpaintCommand(): Command {
  const command = new Command('inpaint')
    .description('Paint a part of a picture anew.')
    .option('--label <name|index>', 'what the picture shows: the name or the index of a class');
  return addMaskFlags(command)
    .addOption(
      new Option('--way <name>', 'seamless, or as the authors of VAR edit pictures').choices(['seamless', 'authors']),
    )
    .addHelpText('after', HELP)
    .action(paintMask);
}

export function editClassCommand(): Command {
  const command = new Command('edit-class')
    .description('Paint a part of a picture anew as something else.')
    .requiredOption('--label <name|index>', 'what it becomes: the name or the index of a class')
    .option(
      '--keep-scales <number>',
      'scales of what is there that stay (default: 0)',
      wholeNumber('--keep-scales', { min: 0, max: 64 }),
    );
  return addMaskFlags(command).addHelpText('after', EDIT_HELP).action(paintMask);
}

function addMaskFlags(command: Command): Command {
  command
    .requiredOption('--image <file>', 'the picture: PNG, JPEG, WebP or AVIF')
    .option('--mask <file>', 'what is painted anew (default: what is transparent in the picture)')
    .option(
      '--feather <pixels>',
      "softness of the mask's edge, inwards (default: 0)",
      wholeNumber('--feather', { min: 0, max: MAX_FEATHER }),
    );
  return addPictureFlags(addFrameFlag(command, "the mask with what surrounds it, at least the model's own size"));
}

async function paintMask(flags: InpaintFlags): Promise<void> {
  const source = await readSource(flags.image);
  const { mask, notes } = await coverOf(flags, source);
  const pictures = await planPictures(flags, undefined);
  await withRun(flags, { record: source.record, needed: false }, async (run) => {
    for (const note of [...source.notes, ...notes]) run.report.warn(note);
    const { description, same } = run;
    const known = same && flags.way !== 'authors' ? source.record : undefined;
    const label = chooseLabel(flags.label, description, known);
    const settings = settingsOf(flags, description);
    const area = taskOf(flags, source, mask, description);
    await paintPictures(run, pictures, (seed) => ({
      request: { model: run.model.folder, label, seed, settings },
      area,
    }));
  });
}

/** The mask, faded; refuses one that leaves nothing to do, or nothing to go on from. */
async function coverOf(
  flags: InpaintFlags,
  { image, missing }: SourcePicture,
): Promise<{ mask: Mask; notes: readonly string[] }> {
  if (flags.mask === undefined && !missing) {
    throw new StudioError('bad-request', 'Say with --mask what is to be painted anew.', {
      hint: 'Only a picture that is transparent in part needs no mask.',
    });
  }
  const given = flags.mask === undefined ? { mask: missing as Mask, notes: [] } : await readMask(flags.mask, image);
  const { data } = given.mask;
  if (data.every((cover) => cover === 0)) {
    throw new StudioError('bad-request', 'The mask is empty: there is nothing to paint.', {
      hint: 'White is painted anew, black stays.',
    });
  }
  if (data.every((cover) => cover > 0) && !flags.keepScales) {
    throw new StudioError('bad-request', 'The mask covers everything: nothing of the picture would stay.', {
      hint: 'White is painted anew, black stays. A new picture of any size: underpaint generate --size 1024x512',
    });
  }
  return { ...given, mask: fadeInwards(given.mask, flags.feather ?? 0) };
}

function settingsOf(flags: InpaintFlags, model: ModelDescription): Settings {
  const asked = requestedSettings(flags, undefined);
  return resolveSettings(model.settings, flags.way === 'authors' ? { ...authorsSettings(model), ...asked } : asked);
}

function taskOf(flags: InpaintFlags, { image }: SourcePicture, cover: Mask, model: ModelDescription): AreaTask {
  const frame =
    flags.frame === undefined ? frameAround(boundsOf(cover), image, model) : frameOfSide(flags.frame, model);
  return { area: { image, cover }, plan: planOf(frame, flags, model) };
}
