/**
 * A setting on the command line.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Settings, SettingValue } from '../../app/generation/request.ts';

/** `name=value`: a number, on or off, or a word, put to those before; whether a model takes it is said later. */
export function collectSetting(text: string, before: Settings = {}): Settings {
  const [, name, value = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new StudioError('bad-request', `--set must be name=value, not "${text}".`, {
      hint: 'The settings of a model: underpaint models settings [model]',
    });
  }
  return { ...before, [name]: parseValue(value) };
}

function parseValue(text: string): SettingValue {
  if (/^(on|true)$/i.test(text)) return true;
  if (/^(off|false)$/i.test(text)) return false;
  return /\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
