/**
 * Control maps in plans: files that are maps, or pictures that maps are made of.
 */
import { StudioError } from '../base/errors.ts';
import { type ControlKind, MAP_KINDS, type ModelDescription, type Settings } from '../generation/request.ts';
import { resolveSettings } from '../generation/resolve-settings.ts';
import { findPreprocessor, PREPROCESSOR_IDS, PREPROCESSORS } from '../imaging/preprocessors.ts';
import type { PictureFields } from './expand.ts';

/** Fields of a plan that say which map a picture is painted over; the last ones are settings of preprocessors. */
export const CONTROL_FIELDS = [
  'control',
  'control_kind',
  'control_from',
  'preprocess',
  'low',
  'high',
  'softness',
] as const;

export interface PlannedControl {
  readonly kind: ControlKind;
  /** Path of the file. */
  readonly file: string;
  /** How the map is made of it; left out for a file that is a map. */
  readonly made?: { readonly preprocessor: string; readonly settings: Settings } | undefined;
}

/**
 * The map that a picture of a plan is painted over; undefined for a model that follows none.
 *
 * @throws StudioError bad-request when the plan gives none, two, or one that the model does not follow
 */
export function plannedControl(fields: PictureFields, description: ModelDescription): PlannedControl | undefined {
  const { control, control_from: from } = fields;
  if (description.controls.length === 0) return undefined;
  if ((control === undefined) === (from === undefined)) {
    throw new StudioError('bad-request', `${description.title} follows a control map: a picture needs one.`, {
      hint: 'Give either "control", a map, or "control_from", a picture that one is made of.',
    });
  }
  return from === undefined ? givenMap(fields, description) : mapOfPicture(fields, description);
}

function givenMap(fields: PictureFields, { controls, title }: ModelDescription): PlannedControl {
  const wanted = fields.control_kind ?? (controls.length === 1 ? controls[0] : undefined);
  const kind = MAP_KINDS.find((id) => id === wanted && controls.includes(id));
  if (kind) return { kind, file: fields.control as string };
  throw new StudioError('bad-request', `${title} must be told what the map shows.`, {
    hint: `Give "control_kind": ${controls.join(', ')}.`,
  });
}

function mapOfPicture(fields: PictureFields, { controls, title }: ModelDescription): PlannedControl {
  const fitting = PREPROCESSOR_IDS.filter((id) => controls.includes(PREPROCESSORS[id].kind));
  const preprocessor = fields.preprocess ?? fitting[0];
  const kind = preprocessor && findPreprocessor(preprocessor).kind;
  if (!preprocessor || !kind || !controls.includes(kind)) {
    throw new StudioError('bad-request', `${title} follows no map of this kind that can be made of a picture.`, {
      hint: fitting.length > 0 ? `Give "preprocess": ${fitting.join(', ')}.` : 'Give a map as "control".',
    });
  }
  const given = (['low', 'high', 'softness'] as const).flatMap((id) =>
    fields[id] === undefined ? [] : [[id, Number(fields[id])] as const],
  );
  const settings = resolveSettings(findPreprocessor(preprocessor).settings, Object.fromEntries(given));
  return { kind, file: fields.control_from as string, made: { preprocessor, settings } };
}
