/**
 * `underpaint models available`: the catalogue.
 */
import { Command } from 'commander';
import { formatBytes } from '../../app/base/format-bytes.ts';
import type { AvailableModel } from '../../app/contracts/models-api.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

const HELP = `
Seconds are an estimate for one picture on this machine, from a quick measurement of it; memory is estimated too.
A model whose licence must be accepted is marked with *.

  $ underpaint models install var_d16`;

/** How long the machine may be measured, in ms. */
const PATIENCE_MS = 30_000;

export function modelsAvailableCommand(): Command {
  return new Command('available')
    .description('List the published models that Underpaint can install.')
    .option('--json', 'print one JSON object a line, with everything that is known of a model')
    .addHelpText('after', HELP)
    .action(listAvailable);
}

async function listAvailable({ json }: { json?: boolean }): Promise<void> {
  await withManager(async (manager) => {
    const models = await manager.available(PATIENCE_MS);
    if (json) return models.forEach(printJsonLine);
    const rows = [['id', 'picture', 'parameters', 'on disk', 'memory', 'seconds', 'licence', ''], ...models.map(rowOf)];
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    for (const row of rows)
      console.log(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
  });
}

function rowOf({
  id,
  width,
  height,
  parameters,
  size,
  memory,
  seconds,
  license,
  needsConsent,
  installed,
}: AvailableModel): string[] {
  const fits = memory.find((need) => need.fits);
  return [
    id,
    `${width}×${height}`,
    parameters < 1e9 ? `${Math.round(parameters / 1e6)} M` : `${(parameters / 1e9).toFixed(1)} B`,
    formatBytes(size),
    fits ? `${formatBytes(fits.bytes)} (${fits.precision})` : 'too large',
    seconds === null ? '?' : `about ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}`,
    `${license.id ?? 'none'}${needsConsent ? '*' : ''}`,
    installed ? 'installed' : '',
  ];
}
