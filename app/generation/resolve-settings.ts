/**
 * Settings of a request against what a model has.
 */
import { StudioError } from '../base/errors.ts';
import type { SettingSpec, Settings, SettingValue } from './request.ts';

/**
 * A value for every setting that the model has; what is left out takes its default.
 *
 * @throws StudioError bad-request when a setting is unknown, of the wrong kind or out of range
 */
export function resolveSettings(specs: readonly SettingSpec[], settings: Settings): Settings {
  const known = new Set(specs.map(({ id }) => id));
  const unknown = Object.keys(settings).find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new StudioError('bad-request', `The model has no setting "${unknown}".`, {
      hint: `Its settings are: ${[...known].join(', ')}.`,
    });
  }
  return Object.fromEntries(specs.map((spec) => [spec.id, checkedValue(spec, settings[spec.id])]));
}

function checkedValue(spec: SettingSpec, value: SettingValue | undefined): SettingValue {
  if (value === undefined) return spec.default;
  if (spec.kind === 'switch') {
    if (typeof value === 'boolean') return value;
    throw new StudioError('bad-request', `${spec.name} (${spec.id}) is either on or off, not ${value}.`);
  }
  if (spec.kind === 'choice') {
    const values = spec.options.map((option) => option.value);
    if (typeof value === 'string' && values.includes(value)) return value;
    throw new StudioError(
      'bad-request',
      `${spec.name} (${spec.id}) must be one of ${values.join(', ')}, not ${value}.`,
    );
  }
  const whole = spec.step === 1;
  const fits = typeof value === 'number' && value >= spec.min && value <= spec.max;
  if (fits && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new StudioError(
    'bad-request',
    `${spec.name} (${spec.id}) must be ${kind} from ${spec.min} to ${spec.max}, not ${value}.`,
  );
}
