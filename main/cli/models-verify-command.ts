/**
 * `underpaint models verify`: are the files what they should be?
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

export function modelsVerifyCommand(): Command {
  return new Command('verify')
    .description('Compare the files of one model or of all with their SHA-256.')
    .argument('[id]', 'id of a model')
    .option('--json', 'print one JSON object a line: model, path, result')
    .action(verify);
}

async function verify(id: string | undefined, { json }: { json?: boolean }): Promise<void> {
  const results = await withManager((manager, work) => manager.verify(id ?? null, work));
  for (const file of results) {
    if (json) printJsonLine(file);
    else console.log(`${file.result.padEnd(7)}  ${file.path}`);
  }
  const bad = results.filter(({ result }) => result === 'damaged' || result === 'missing');
  if (bad.length === 0) return;
  throw new StudioError('corrupt-checkpoint', `${bad.length} of ${results.length} files are not what they should be.`, {
    hint: 'Remove the model and install it again.',
  });
}
