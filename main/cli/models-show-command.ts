/**
 * `underpaint models show`: all about one model.
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import type { ModelDetails } from '../../app/contracts/models-api.ts';
import type { Settings, SettingValue } from '../../app/generation/request.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

interface ShowFlags {
  readonly json?: boolean;
  readonly name?: string;
  readonly default?: readonly string[];
}

export function modelsShowCommand(): Command {
  return new Command('show')
    .description('Show a model: its files, memory, licence and default settings; or change its name and defaults.')
    .argument('<id>', 'id of a model')
    .option('--name <text>', 'call it so')
    .option('--default <setting=value...>', "a default setting, such as cfg=2; without a value the family's own again")
    .option('--json', 'print one JSON object')
    .action(show);
}

async function show(id: string, { json, name, default: defaults }: ShowFlags): Promise<void> {
  await withManager(async (manager, { signal }) => {
    const before = await manager.details(id, {}, signal);
    if (name !== undefined || defaults) {
      await manager.change(id, { name, defaults: defaults && changed(before, defaults) });
    }
    const details = await manager.details(id, {}, signal);
    if (json) return printJsonLine(details);
    for (const line of linesOf(details)) console.log(line);
  });
}

function changed({ defaults, settings }: ModelDetails, changes: readonly string[]): Settings {
  const next: Record<string, SettingValue> = { ...defaults };
  for (const change of changes) {
    const [id = '', text = ''] = change.split('=', 2);
    const spec = settings.find((setting) => setting.id === id);
    if (!spec) {
      throw new StudioError('bad-request', `The model has no setting "${id}".`, {
        hint: `It has ${settings.map((setting) => setting.id).join(', ')}.`,
      });
    }
    delete next[id];
    if (text !== '') next[id] = spec.kind === 'number' ? Number(text) : spec.kind === 'switch' ? text === 'true' : text;
  }
  return next;
}

function linesOf({
  name,
  title,
  family,
  license,
  licenseUrl,
  files,
  derived,
  precision,
  memory,
  settings,
  defaults,
}: ModelDetails): string[] {
  return [
    `${name} (${family}: ${title})`,
    `licence: ${license ?? 'not known'}${licenseUrl ? `, ${licenseUrl}` : ''}`,
    'files:',
    ...files.map(
      ({ role, path, size, own }) => `  ${role}: ${path}, ${formatBytes(size)}${own ? '' : ', used where it lies'}`,
    ),
    ...derived.map((weights) => `  weights for ${weights.precision}: ${formatBytes(weights.size)}`),
    `precision: ${precision}`,
    'memory, estimated:',
    ...memory.map(
      ({ precision, bytes, fits }) =>
        `  ${precision}: ${formatBytes(bytes)}${fits ? '' : ', more than models may take'}`,
    ),
    'default settings:',
    ...settings.map(
      ({ id, default: standard }) => `  ${id}: ${defaults[id] ?? standard}${id in defaults ? ' (yours)' : ''}`,
    ),
  ];
}
