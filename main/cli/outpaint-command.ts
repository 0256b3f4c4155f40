/**
 * `underpaint outpaint`: a picture goes on beyond its edges.
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { fillMask, pasteRgb } from '../../app/imaging/regions.ts';
import type { Area } from '../../app/tasks/paint-area.ts';
import type { FrameSize } from '../../app/tasks/plan-frames.ts';
import { blankArea, type PlanFlags, parseSize, planArea } from './area-plan.ts';
import { planPictures, requestedSettings } from './generate-plan.ts';
import { wholeNumber } from './parse-number.ts';
import {
  addDetailFlag,
  addFrameFlag,
  addPictureFlags,
  COMMON_HELP,
  MAX_SIDE,
  type PictureFlags,
} from './picture-flags.ts';
import { chooseLabel, paintPictures, withRun } from './picture-run.ts';
import { readSource } from './source-picture.ts';

interface OutpaintFlags extends PictureFlags, PlanFlags {
  readonly image: string;
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
  readonly size?: string;
}

const HELP = `
The picture itself stays to the bit. The model moves over the new part frame after frame, each going on from half of what is
there; --frame says how much it sees at once: the shorter side of the picture when left out. A larger frame sees the whole of a
composition, a smaller one paints finer. --detail goes over the new part again in smaller frames, which keep its tones.

The label says what the model has in mind. Without --label it is the one that the picture was made with.
${COMMON_HELP}

Examples:
  $ underpaint outpaint --image lake.png --left 128 --right 128 --out wide-lake.png
  $ underpaint outpaint --image lake.png --size 1024x512 --label "alpine lake" --out wide-lake.png
  $ underpaint outpaint --image photo.jpg --top 300 --frame 900 --label "starry hills" --out night.png`;

export function outpaintCommand(): Command {
  const command = new Command('outpaint')
    .description('Paint on beyond the edges of a picture.')
    .requiredOption('--image <file>', 'the picture: PNG, JPEG, WebP or AVIF')
    .option('--label <name|index>', 'what the picture shows: the name or the index of a class');
  for (const side of SIDES) {
    const flag = `--${side}`;
    command.option(`${flag} <pixels>`, `how far to go on at this side`, wholeNumber(flag, { min: 0, max: MAX_SIDE }));
  }
  command.option('--size <width>x<height>', 'or how large it becomes, with the picture in the middle');
  addDetailFlag(addFrameFlag(command, "the picture's shorter side"));
  return addPictureFlags(command).addHelpText('after', HELP).action(runOutpaint);
}

const SIDES = ['left', 'right', 'top', 'bottom'] as const;

async function runOutpaint(flags: OutpaintFlags): Promise<void> {
  const source = await readSource(flags.image);
  const place = placeOf(flags, source.image);
  const area = areaAround(source.image, place);
  const pictures = await planPictures(flags, undefined);
  await withRun(flags, { record: source.record, needed: false }, async (run) => {
    for (const note of source.notes) run.report.warn(note);
    const { description, same } = run;
    const label = chooseLabel(flags.label, description, same ? source.record : undefined);
    const settings = resolveSettings(description.settings, requestedSettings(flags, undefined));
    const task = planArea(area, source.image, flags, description);
    await paintPictures(run, pictures, (seed) => ({
      request: { model: run.model.folder, label, seed, settings },
      area: task,
    }));
  });
}

/** Where the picture lies, and how large the new one is. */
function placeOf(flags: OutpaintFlags, { width, height }: RgbImage): { at: Rect; size: FrameSize } {
  const { left = 0, right = 0, top = 0, bottom = 0 } = flags;
  const asked = flags.size === undefined ? undefined : parseSize(flags.size);
  if (asked && SIDES.some((side) => flags[side] !== undefined)) {
    throw new StudioError('bad-request', '--size puts the picture into the middle: sides have no effect beside it.', {
      hint: 'Leave out one of the two.',
    });
  }
  const size = asked ?? { width: left + width + right, height: top + height + bottom };
  if (size.width < width || size.height < height) {
    throw new StudioError('bad-request', `The picture is ${width}×${height} already: --size must be at least that.`);
  }
  if (size.width === width && size.height === height) {
    throw new StudioError('bad-request', 'Say how far the picture is to go on.', {
      hint: 'Such as --left 128 --right 128, or --size 1024x512.',
    });
  }
  if (Math.max(size.width, size.height) > MAX_SIDE) {
    throw new StudioError('bad-request', `A picture of ${size.width}×${size.height} is too large: ${MAX_SIDE} a side.`);
  }
  const at = asked ? middle(size, { width, height }) : { x: left, y: top };
  return { at: { ...at, width, height }, size };
}

function middle(size: FrameSize, { width, height }: FrameSize): { x: number; y: number } {
  return { x: Math.floor((size.width - width) / 2), y: Math.floor((size.height - height) / 2) };
}

function areaAround(image: RgbImage, { at, size }: { at: Rect; size: FrameSize }): Area {
  const area = blankArea(size);
  pasteRgb(area.image, image, at);
  fillMask(area.cover, at, 0);
  return area;
}
