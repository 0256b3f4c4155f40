/**
 * `underpaint models list`: the models of this machine.
 */
import { Command } from 'commander';
import type { ModelEntry } from '../checkpoints/model-store.ts';
import { printJsonLine } from './json-lines.ts';
import { withStudio } from './with-studio.ts';

export function modelsListCommand(): Command {
  return new Command('list')
    .description('List the models that came with Underpaint and those that were imported.')
    .option('--json', 'print one JSON object a line: id, name, family, license, builtIn, folder, size, problem')
    .action(listModels);
}

async function listModels(flags: { json?: boolean }): Promise<void> {
  await withStudio(async (studio) => {
    const models = await studio.models.list();
    if (flags.json) return models.forEach(printJsonLine);
    const idWidth = Math.max(...models.map(({ id }) => id.length));
    const nameWidth = Math.max(...models.map(({ name }) => name.length));
    for (const model of models) {
      console.log(`${model.id.padEnd(idWidth)}  ${model.name.padEnd(nameWidth)}  ${factsOf(model)}`);
    }
    if (models.length === 0) console.log('There are no models. See: underpaint help models import');
  });
}

function factsOf({ size, builtIn, problem }: ModelEntry): string {
  if (problem) return `cannot be used: ${problem}`;
  return `${(size / 1e6).toFixed(0).padStart(5)} MB  ${builtIn ? 'comes with Underpaint' : 'imported'}`;
}
