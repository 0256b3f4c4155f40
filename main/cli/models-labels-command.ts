/**
 * `underpaint models labels`: what a model can paint.
 */
import { Command } from 'commander';
import { engineOptions } from './engine-flags.ts';
import { printJsonLine } from './json-lines.ts';
import { withStudio } from './with-studio.ts';

export function modelsLabelsCommand(): Command {
  return new Command('labels')
    .description('List what a model can paint: the index and the name of each class.')
    .argument('[model]', 'id of a model, or its folder; the one that comes with Underpaint when left out')
    .option('--json', 'print one JSON object a line: index, label')
    .action(listLabels);
}

async function listLabels(wanted: string | undefined, flags: { json?: boolean }): Promise<void> {
  await withStudio(async (studio, signal) => {
    const model = await studio.models.find(wanted);
    const { classes, labels } = await studio.describe(model, engineOptions({}), signal);
    for (let index = 0; index < classes; index++) {
      const label = labels[index] ?? null;
      if (flags.json) printJsonLine({ index, label });
      else console.log(`${String(index).padStart(5)}  ${label ?? ''}`.trimEnd());
    }
  });
}
