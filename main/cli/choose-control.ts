/**
 * The control map that flags ask for: a file, or one that is made of a picture.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ControlMap, ModelDescription } from '../../app/generation/request.ts';
import { PREPROCESSOR_IDS, PREPROCESSORS } from '../../app/imaging/preprocessors.ts';
import { makeControl, readControlFile, readRecordedControl } from '../jobs/control-maps.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import type { GenerateFlags } from './generate-flags.ts';

/** Flags that say how a map is made of a picture. */
const MAP_SETTINGS = ['low', 'high', 'softness'] as const;

/** Refuses flags that do not go together. */
export function checkControlFlags(flags: GenerateFlags): void {
  const { control, controlFrom, controlKind, preprocess } = flags;
  if (control !== undefined && controlFrom !== undefined) {
    throw new StudioError('bad-request', '--control is a map, --control-from a picture that one is made of.', {
      hint: 'Leave out one of the two.',
    });
  }
  if (controlKind !== undefined && control === undefined) {
    throw new StudioError('bad-request', '--control-kind says what a map shows, and there is none.', {
      hint: 'Add --control map.png.',
    });
  }
  const useless = preprocess === undefined ? MAP_SETTINGS.find((id) => flags[id] !== undefined) : 'preprocess';
  if (controlFrom === undefined && useless !== undefined) {
    throw new StudioError('bad-request', `--${useless} says how a map is made of a picture, and there is none.`, {
      hint: 'Add --control-from picture.png.',
    });
  }
}

/** The map of the flags, else the recorded one. Throws `bad-request` when it is not clear what it shows. */
export async function chooseControl(
  flags: GenerateFlags,
  description: ModelDescription,
  record: PictureRecord | undefined,
): Promise<ControlMap | undefined> {
  const { control, controlFrom } = flags;
  const recorded = record?.request.control;
  if (controlFrom !== undefined) return controlOfPicture(controlFrom, flags, description);
  if (control === undefined) return recorded && readRecordedControl(recorded);
  const { controls, title } = description;
  const kind = flags.controlKind ?? (controls.length > 1 ? undefined : controls[0]);
  if (kind) return { kind, image: await readControlFile(control) };
  const hint = controls.length > 1 ? `Add --control-kind: ${controls.join(', ')}.` : 'Leave --control out.';
  const problem = controls.length > 1 ? 'follows several kinds of maps: say which one it is' : 'follows no control map';
  throw new StudioError('bad-request', `${title} ${problem}.`, { hint });
}

async function controlOfPicture(
  file: string,
  flags: GenerateFlags,
  description: ModelDescription,
): Promise<ControlMap> {
  const { controls, title } = description;
  const preprocessor = flags.preprocess ?? PREPROCESSOR_IDS.find((id) => controls.includes(PREPROCESSORS[id].kind));
  if (!preprocessor) {
    const hint = controls.length > 0 ? `Give a map of this kind with --control: ${controls.join(', ')}.` : undefined;
    throw new StudioError(
      'bad-request',
      `${title} follows no map that can be made of a picture.`,
      hint ? { hint } : {},
    );
  }
  const given = MAP_SETTINGS.flatMap((id) => (flags[id] === undefined ? [] : [[id, flags[id]] as const]));
  return makeControl(file, { preprocessor, settings: Object.fromEntries(given) }, description);
}
