/**
 * The flags of `underpaint generate`.
 */
import { Command, Option } from 'commander';
import { MAP_KINDS, type MapKind } from '../../app/generation/request.ts';
import { PREPROCESSOR_IDS, type PreprocessorId } from '../../app/imaging/preprocessors.ts';
import { decimalNumber } from './parse-number.ts';
import { addDetailFlag, addFrameFlag, addPictureFlags, COMMON_HELP, type PictureFlags } from './picture-flags.ts';

export interface GenerateFlags extends PictureFlags {
  readonly prompt?: string;
  readonly control?: string;
  readonly controlKind?: MapKind;
  readonly controlFrom?: string;
  readonly preprocess?: PreprocessorId;
  readonly low?: number;
  readonly high?: number;
  readonly softness?: number;
  readonly size?: string;
  readonly frame?: number;
  readonly detail?: number;
  readonly frames?: string;
  readonly from?: string;
  readonly decodeOnly?: boolean;
}

const HELP = `${COMMON_HELP}

A control map of another size than the picture is resized to it; models for any size take the map's own size. What is
transparent in it counts as black. Edges and lines are white on black, near is bright in a depth map.

--control-from makes the map of any picture, as the window does: canny edges (those of OpenCV), soft edges or line art.

Every picture carries how it was made and its tokens: --from makes it again, or another one where flags say so.
The same request makes the same file on the same machine, with the same --provider and --precision.

--size paints pictures larger than the model's: frame after frame, each going on from half of what is there. --detail goes over
them again in smaller frames, which keep the tones and the coarse scales.

Examples:
  $ underpaint generate --label "alpine lake" --seed 7 --out lake.png
  $ underpaint generate --label "alpine lake" --count 8 --out lakes/lake-{seed}.png
  $ underpaint generate --label "alpine lake" --cfg 2 --top-k 400 --frames steps --out lake.png
  $ underpaint generate --model FlowAR-S --label 207 --set solver=euler --set annealed=off --out dog.png
  $ underpaint generate --model canny_MR --prompt "a house by a lake, oil painting" --control edges.png --out house.png
  $ underpaint generate --model canny_MR --prompt "a stone house" --control-from photo.jpg --low 50 --high 120
  $ underpaint generate --label harbour --size 1024x512 --detail 256 --out wide.png
  $ underpaint generate --from lake.png --out same-lake.png
  $ underpaint generate --from lake.png --label harbour --out same-seed-harbour.png
  $ underpaint generate --from lake.png --decode-only --out decoded.png

What a model can paint: underpaint models labels [model]`;

/** What a preprocessor allows is checked when it runs. */
const threshold = (flag: string) => decimalNumber(flag, { min: 0, max: 10_000 });
const softness = decimalNumber('--softness', { min: 0, max: 100 });

export function generateFlags(): Command {
  const command = new Command('generate')
    .description('Paint pictures.')
    .option('--label <name|index>', 'what to paint: the name or the index of a class')
    .option('--prompt <words>', 'what to paint in words, for models that read them')
    .option('--control <map.png>', 'where to paint it: a map that the picture follows, for ControlAR models')
    .addOption(
      new Option('--control-kind <kind>', 'what the map shows, for models that follow several kinds').choices(
        MAP_KINDS,
      ),
    )
    .option('--control-from <picture.png>', 'make the map of a picture instead')
    .addOption(
      new Option('--preprocess <how>', 'how it is made (default: as the model wants it)').choices(PREPROCESSOR_IDS),
    )
    .option('--low <number>', 'canny: an edge goes on as long as it is stronger (default: 100)', threshold('--low'))
    .option('--high <number>', 'canny: an edge begins where it is stronger (default: 200)', threshold('--high'))
    .option('--softness <pixels>', 'softedge, lineart: how wide edges and lines are (default: 1)', softness)
    .option('--size <width>x<height>', "paint a picture of another size than the model's, in frames");
  addFrameFlag(command, "the picture's shorter side");
  addDetailFlag(command);
  command
    .option('--frames <folder>', "also write each scale's preview: scale-00.png, … (several pictures: a folder each)")
    .addOption(
      new Option(
        '--previews <kind>',
        'linear: instant; decoded: each scale in full, which costs a decode each (default: linear)',
      ).choices(['linear', 'decoded']),
    )
    .option('--from <picture.png>', 'make a picture again; other flags change what they say')
    .option('--decode-only', 'with --from: paint its tokens, without computing them again');
  return addPictureFlags(command).addHelpText('after', HELP);
}
