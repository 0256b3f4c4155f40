/**
 * `underpaint models orphans`: what belongs to no model any more.
 */
import { Command } from 'commander';
import { formatBytes } from '../../app/base/format-bytes.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

interface OrphanFlags {
  readonly remove?: boolean;
  readonly json?: boolean;
}

export function modelsOrphansCommand(): Command {
  return new Command('orphans')
    .description('List files in the models folder and the cache that belong to no model any more.')
    .option('--remove', 'take them away')
    .option('--json', 'print one JSON object a line: path, size, kind')
    .action(listOrphans);
}

async function listOrphans({ remove = false, json }: OrphanFlags): Promise<void> {
  await withManager(async (manager) => {
    const orphans = await manager.orphans();
    for (const orphan of orphans) {
      if (json) printJsonLine(orphan);
      else console.log(`${orphan.kind.padEnd(10)}  ${formatBytes(orphan.size).padStart(9)}  ${orphan.path}`);
    }
    if (orphans.length === 0 && !json) console.log('There are none.');
    if (remove) await manager.removeOrphans(orphans.map(({ path }) => path));
  });
}
