/**
 * `underpaint models remove`: takes a model away.
 */
import { Command } from 'commander';
import { withManager } from './with-manager.ts';

export function modelsRemoveCommand(): Command {
  return new Command('remove')
    .description('Take a model away, with downloaded files that no other model uses. Files of your own stay.')
    .argument('<id>', 'id of a model')
    .action((id: string) =>
      withManager(async (manager) => {
        await manager.remove(id);
        console.log(`${id} is removed.`);
      }),
    );
}
