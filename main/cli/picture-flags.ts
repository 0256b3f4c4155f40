/**
 * The flags of every command that paints.
 */
import type { Command } from 'commander';
import type { Settings } from '../../app/generation/request.ts';
import { addEngineFlags, type EngineFlags } from './engine-flags.ts';
import { decimalNumber, wholeNumber } from './parse-number.ts';
import { collectSetting } from './parse-setting.ts';

export interface PictureFlags extends EngineFlags {
  readonly label?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly count?: number;
  readonly model?: string;
  readonly cfg?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly smooth?: boolean;
  readonly set?: Settings;
  readonly json?: boolean;
}

export const MAX_SEED = 2 ** 32 - 1;
const MAX_COUNT = 10_000;
const MAX_CFG = 1000;
/** Longest side of a picture that is painted, in pixels. */
export const MAX_SIDE = 8192;

export const COMMON_HELP = `
Several pictures: --out takes {seed} and {n} (1, 2, …), such as lake-{n}.png; without them the seed is added to the name.
A file that is there already is replaced, but only by a finished picture.

--cfg, --top-k, --top-p and --smooth are settings that many models have. Each model's own, with their defaults and what they can
be: underpaint models settings [model]. Any of them can be given as --set name=value.

With --json, stdout has one object a line, told apart by "type": start, step, picture, warning, error.`;

export function addPictureFlags(command: Command): Command {
  const number = (flag: string, max: number) => decimalNumber(flag, { min: 0, max });
  command
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
      collectSetting,
    )
    .option('--json', 'print events and timings as JSON');
  return addEngineFlags(command);
}

/** The shorter side of the frame that the model sees at once. */
export function addFrameFlag(command: Command, fallback: string): Command {
  return command.option(
    '--frame <pixels>',
    `shorter side of what the model sees at once (default: ${fallback})`,
    wholeNumber('--frame', { min: 8, max: MAX_SIDE }),
  );
}

/** A second pass in smaller frames. */
export function addDetailFlag(command: Command): Command {
  return command.option(
    '--detail <pixels>',
    'go over it once more in frames of this side, for finer detail (default: not)',
    wholeNumber('--detail', { min: 8, max: MAX_SIDE }),
  );
}
