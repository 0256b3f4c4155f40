/**
 * `underpaint edit`: words say what changes in a picture.
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { fadeInwards } from '../../app/imaging/mask-operations.ts';
import type { PictureTask } from '../tasks/picture-task.ts';
import { planArea } from './area-plan.ts';
import { planPictures, requestedSettings } from './generate-plan.ts';
import { wholeNumber } from './parse-number.ts';
import { addFrameFlag, addPictureFlags, COMMON_HELP, type PictureFlags } from './picture-flags.ts';
import { paintPictures, withRun } from './picture-run.ts';
import { readMask, readSource, type SourcePicture } from './source-picture.ts';

interface EditFlags extends PictureFlags {
  readonly image: string;
  readonly instruction: string;
  readonly mask?: string;
  readonly feather?: number;
  readonly frame?: number;
  readonly keepScales?: number;
}

const HELP = `
The picture keeps its size. Without a mask it is seen and edited as a whole. With one, only what is white in it may change, black
stays to the bit, and grey mixes; the model works in frames, and --frame says how much it sees at once.

--keep-scales lets the first scales of the picture stay, whatever the words say: its tone with 1, its composition with more.
${COMMON_HELP}

Examples:
  $ underpaint edit --model 8B-512 --image lake.png --instruction "make it night" --out night.png
  $ underpaint edit --model 8B-512 --image lake.png --mask sky.png --instruction "add a rainbow" --count 4 --out sky-{n}.png`;

const MAX_FEATHER = 512;

export function editCommand(): Command {
  const command = new Command('edit')
    .description('Change a picture by words.')
    .requiredOption('--image <file>', 'the picture: PNG, JPEG, WebP or AVIF')
    .requiredOption('--instruction <words>', 'what is to change')
    .option('--mask <file>', 'where it may change (default: everywhere)')
    .option(
      '--feather <pixels>',
      "softness of the mask's edge, inwards (default: 0)",
      wholeNumber('--feather', { min: 0, max: MAX_FEATHER }),
    )
    .option(
      '--keep-scales <number>',
      'scales of the picture that stay (default: 0)',
      wholeNumber('--keep-scales', { min: 0, max: 64 }),
    );
  addFrameFlag(command, 'with a mask, as large as the picture allows');
  return addPictureFlags(command).addHelpText('after', HELP).action(runEdit);
}

async function runEdit(flags: EditFlags): Promise<void> {
  checkFlags(flags);
  const source = await readSource(flags.image);
  const given = flags.mask === undefined ? undefined : await readMask(flags.mask, source.image);
  const mask = given && fadeInwards(given.mask, flags.feather ?? 0);
  const pictures = await planPictures(flags, undefined);
  await withRun(flags, { record: undefined, needed: false }, async (run) => {
    for (const note of [...source.notes, ...(given?.notes ?? [])]) run.report.warn(note);
    checkModel(run.description);
    const settings = resolveSettings(run.description.settings, requestedSettings(flags, undefined));
    const edit = editOf(flags, source, mask, run.description);
    await paintPictures(run, pictures, (seed) => ({
      request: {
        model: run.model.folder,
        label: null,
        prompt: flags.instruction,
        control: { kind: 'source', image: source.image },
        seed,
        settings: { ...settings, ...edit.settings },
      },
      area: edit.area,
    }));
  });
}

function checkFlags({ instruction, mask, feather, frame }: EditFlags): void {
  if (instruction.trim() === '') {
    throw new StudioError('bad-request', 'The instruction is empty: say what is to change.', {
      hint: 'Such as --instruction "make it night".',
    });
  }
  if (mask !== undefined || (feather === undefined && frame === undefined)) return;
  throw new StudioError('bad-request', '--feather and --frame say how the part under a mask is edited.', {
    hint: 'Add --mask sky.png, or leave them out.',
  });
}

function checkModel({ capabilities, title }: ModelDescription): void {
  if (capabilities.includes('edits')) return;
  throw new StudioError('bad-request', `${title} does not change pictures by words.`, {
    hint: 'Name a VAREdit model with --model: underpaint models list',
  });
}

/** What keeps scales of the whole picture, or of the part under the mask. */
function editOf(
  flags: EditFlags,
  { image }: SourcePicture,
  mask: Mask | undefined,
  model: ModelDescription,
): Pick<PictureTask, 'area'> & Pick<Partial<PictureTask['request']>, 'settings'> {
  if (mask) return { area: planArea({ image, cover: mask }, image, flags, model) };
  return flags.keepScales === undefined ? {} : { settings: { source_scales: flags.keepScales } };
}
