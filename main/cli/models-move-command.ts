/**
 * `underpaint models move`: another place for the models folder.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { withManager } from './with-manager.ts';

export function modelsMoveCommand(): Command {
  return new Command('move')
    .description('Move the models folder, perhaps to another disk.')
    .argument('[folder]', 'an empty or new folder; back into the data folder when left out')
    .action((folder: string | undefined) =>
      withManager(async (manager, work) => {
        await manager.move(folder === undefined ? null : resolve(folder), work);
        console.log(`Models are in ${manager.modelsFolder}`);
      }),
    );
}
