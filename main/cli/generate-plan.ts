/**
 * From flags to what is to be done, as far as it can be said without a model.
 */
import { randomInt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import type { Settings } from '../../app/generation/request.ts';
import { readPictureRecord } from '../jobs/picture-file.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { checkControlFlags } from './choose-control.ts';
import type { GenerateFlags } from './generate-flags.ts';
import { prepareFolder, probeOutput } from './output-file.ts';
import { MAX_SEED, type PictureFlags } from './picture-flags.ts';
import { picturePaths } from './picture-paths.ts';

/** One picture to make. */
export interface PlannedPicture {
  readonly seed: number;
  /** Absolute path of the file. */
  readonly out: string;
  /** Folder for the previews, or undefined. */
  readonly frames: string | undefined;
}

/** Which setting of a model a flag stands for. */
const SETTING_OF_FLAG = { cfg: 'cfg', topK: 'top_k', topP: 'top_p', smooth: 'more_smooth' } as const;
/** Flags that say nothing to a decoder. */
const NOT_FOR_DECODING = [
  'label',
  'prompt',
  'control',
  'controlKind',
  'controlFrom',
  'seed',
  'count',
  'cfg',
  'topK',
  'topP',
  'smooth',
  'set',
  'frames',
  'size',
] as const;
/** Larger than any picture that Underpaint writes. */
const MAX_PICTURE_BYTES = 2 ** 30;

/** Refuses flags that do not go together. */
export function checkFlags(flags: GenerateFlags): void {
  if (flags.decodeOnly && flags.from === undefined) {
    throw new StudioError('bad-request', '--decode-only needs a picture to decode.', {
      hint: 'Add --from picture.png.',
    });
  }
  const useless = flags.decodeOnly ? NOT_FOR_DECODING.find((flag) => flags[flag] !== undefined) : undefined;
  if (useless) {
    throw new StudioError(
      'bad-request',
      `--decode-only paints the tokens as they are: ${flagName(useless)} has no effect.`,
      {
        hint: 'Leave out one of the two.',
      },
    );
  }
  if (flags.size !== undefined && flags.from !== undefined) {
    throw new StudioError('bad-request', '--from makes a picture again, which has its size: --size has no effect.', {
      hint: 'To paint around a picture: underpaint outpaint --image picture.png --size 1024x512',
    });
  }
  if (flags.size === undefined && (flags.frame !== undefined || flags.detail !== undefined)) {
    throw new StudioError('bad-request', '--frame and --detail say how a picture of another --size is painted.', {
      hint: 'Add --size, such as --size 1024x512.',
    });
  }
  checkControlFlags(flags);
  if (flags.label === undefined && flags.prompt === undefined && flags.from === undefined) {
    throw new StudioError('bad-request', 'Say what to paint with --label or --prompt.', {
      hint: 'What a model can paint: underpaint models labels [model]',
    });
  }
}

/** The record of `--from`. Throws `missing-file` or `corrupt-input`. */
export async function readRecord(from: string | undefined): Promise<PictureRecord | undefined> {
  if (from === undefined) return undefined;
  const found = await stat(from).catch(() => undefined);
  if (!found?.isFile())
    throw new StudioError('missing-file', `There is no picture ${from}.`, { hint: 'Check the path.' });
  if (found.size > MAX_PICTURE_BYTES) throw new StudioError('corrupt-input', `${from} is too large for a picture.`);
  return readPictureRecord(await readFile(from));
}

/** The pictures of a run. Throws when their seeds or files cannot be; folders for previews are created. */
export async function planPictures(
  flags: PictureFlags & Pick<GenerateFlags, 'frames'>,
  record: PictureRecord | undefined,
): Promise<PlannedPicture[]> {
  const count = flags.count ?? 1;
  const first = flags.seed ?? record?.request.seed ?? randomInt(MAX_SEED + 1 - count + 1);
  if (first + count - 1 > MAX_SEED) {
    throw new StudioError('bad-request', `The seeds of ${count} pictures from ${first} on go beyond ${MAX_SEED}.`, {
      hint: 'Choose a smaller --seed.',
    });
  }
  const seeds = Array.from({ length: count }, (_, at) => first + at);
  const paths = picturePaths(flags.out, seeds);
  const pictures = seeds.map((seed, at) => ({
    seed,
    out: resolve(paths[at]!),
    frames: framesFolder(flags.frames, seed, count),
  }));
  for (const { out, frames } of pictures) {
    await probeOutput(out);
    if (frames) await prepareFolder(frames);
  }
  return pictures;
}

/** The recorded settings with those of the flags over them. */
export function requestedSettings(flags: PictureFlags, record: PictureRecord | undefined): Settings {
  const given = Object.entries(SETTING_OF_FLAG).flatMap(([flag, id]) => {
    const value = flags[flag as keyof typeof SETTING_OF_FLAG];
    return value === undefined ? [] : [[id, value] as const];
  });
  return { ...record?.request.settings, ...Object.fromEntries(given), ...flags.set };
}

function framesFolder(folder: string | undefined, seed: number, count: number): string | undefined {
  if (folder === undefined) return undefined;
  return count === 1 ? resolve(folder) : join(resolve(folder), `seed-${seed}`);
}

function flagName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
