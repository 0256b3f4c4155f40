/**
 * The flags of `underpaint generate`.
 */
import { Command, Option } from 'commander';
import { addEngineFlags, type EngineFlags } from './engine-flags.ts';
import { decimalNumber, wholeNumber } from './parse-number.ts';

export interface GenerateFlags extends EngineFlags {
  readonly label?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly count?: number;
  readonly model?: string;
  readonly cfg?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly smooth?: boolean;
  readonly set?: readonly string[];
  readonly frames?: string;
  readonly from?: string;
  readonly decodeOnly?: boolean;
  readonly json?: boolean;
}

export const MAX_SEED = 2 ** 32 - 1;
const MAX_COUNT = 10_000;
const MAX_CFG = 1000;

const HELP = `
Several pictures: --out takes {seed} and {n} (1, 2, …), such as lake-{n}.png; without them the seed is added to the name.
A file that is there already is replaced, but only by a finished picture.

--cfg, --top-k, --top-p and --smooth are settings that many models have. Each model's own, with their defaults and what they can
be: underpaint models settings [model]. Any of them can be given as --set name=value.

Every picture carries how it was made and its tokens: --from makes it again, or another one where flags say so.
The same request makes the same file on the same machine, with the same --provider and --precision.

With --json, stdout has one object a line, told apart by "type": start, step, picture, warning, error.

Examples:
  $ underpaint generate --label "alpine lake" --seed 7 --out lake.png
  $ underpaint generate --label "alpine lake" --count 8 --out lakes/lake-{seed}.png
  $ underpaint generate --label "alpine lake" --cfg 2 --top-k 400 --frames steps --out lake.png
  $ underpaint generate --model FlowAR-S --label 207 --set solver=euler --set annealed=off --out dog.png
  $ underpaint generate --from lake.png --out same-lake.png
  $ underpaint generate --from lake.png --label harbour --out same-seed-harbour.png
  $ underpaint generate --from lake.png --decode-only --out decoded.png

What a model can paint: underpaint models labels [model]`;

export function generateFlags(): Command {
  const number = (flag: string, max: number) => decimalNumber(flag, { min: 0, max });
  const command = new Command('generate')
    .description('Paint pictures.')
    .option('--label <name|index>', 'what to paint: the name or the index of a class')
    .option(
      '--seed <number>',
      'same seed, same picture (default: random)',
      wholeNumber('--seed', { min: 0, max: MAX_SEED }),
    )
    .option('--out <file.png>', 'file to write (default: underpaint-{seed}.png in this folder)')
    .option(
      '--count <number>',
      'how many, with consecutive seeds (default: 1)',
      wholeNumber('--count', { min: 1, max: MAX_COUNT }),
    )
    .option('--model <id|folder>', 'the model (default: the one that comes with Underpaint)')
    .option('--cfg <number>', 'guidance: how strictly to follow the label', number('--cfg', MAX_CFG))
    .option(
      '--top-k <number>',
      'draw each token from its k likeliest; 0: from all',
      wholeNumber('--top-k', { min: 0, max: MAX_SEED }),
    )
    .option('--top-p <number>', 'draw from the likeliest tokens with this share; 0: from all', number('--top-p', 1))
    .option('--smooth', 'smoother pictures with less variety')
    .option('--no-smooth', 'the opposite, for models or pictures that are smooth by default')
    .option(
      '--set <name=value>',
      'a setting of the model, such as steps=20; can be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--frames <folder>', "also write each scale's preview: scale-00.png, … (several pictures: a folder each)")
    .addOption(
      new Option(
        '--previews <kind>',
        'linear: instant; decoded: each scale in full, which costs a decode each (default: linear)',
      ).choices(['linear', 'decoded']),
    )
    .option('--from <picture.png>', 'make a picture again; other flags change what they say')
    .option('--decode-only', 'with --from: paint its tokens, without computing them again')
    .option('--json', 'print events and timings as JSON');
  return addEngineFlags(command).addHelpText('after', HELP);
}
