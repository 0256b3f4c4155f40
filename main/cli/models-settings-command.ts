/**
 * `underpaint models settings`: what can be said to a model about how it paints.
 */
import { Command } from 'commander';
import type { SettingSpec } from '../../app/generation/request.ts';
import { engineOptions } from './engine-flags.ts';
import { printJsonLine } from './json-lines.ts';
import { withStudio } from './with-studio.ts';

export function modelsSettingsCommand(): Command {
  return new Command('settings')
    .description('List the settings of a model, for --set name=value of generate.')
    .argument('[model]', 'id of a model, or its folder; the one that comes with Underpaint when left out')
    .option('--json', 'print one JSON object a line')
    .action(listSettings);
}

async function listSettings(wanted: string | undefined, flags: { json?: boolean }): Promise<void> {
  await withStudio(async (studio, signal) => {
    const model = await studio.models.find(wanted);
    const { settings } = await studio.describe(model, engineOptions({}), signal);
    for (const spec of settings) {
      if (flags.json) printJsonLine(spec);
      else console.log(`${spec.id}=${shown(spec.default)}  (${rangeOf(spec)})\n    ${spec.help}`);
    }
  });
}

function shown(value: SettingSpec['default']): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : `${value}`;
}

function rangeOf(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'number':
      return `${spec.step === 1 ? 'a whole number, ' : ''}${spec.min} to ${spec.max}`;
    case 'switch':
      return 'on or off';
    case 'choice':
      return spec.options.map(({ value }) => value).join(', ');
  }
}
