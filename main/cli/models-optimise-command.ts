/**
 * `underpaint models optimise`: weights for this machine.
 */
import { Command, Option } from 'commander';
import { formatBytes } from '../../app/base/format-bytes.ts';
import { PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import type { MeasuredPicture } from '../../app/contracts/models-api.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { encodePlainPng } from '../jobs/png.ts';
import { engineOptions } from './engine-flags.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

interface OptimiseFlags {
  readonly precision: Precision;
  readonly undo?: boolean;
  readonly pictures?: string;
  readonly json?: boolean;
}

const [, ...SMALLER] = PRECISIONS;

export function modelsOptimiseCommand(): Command {
  return new Command('optimise')
    .description('Make smaller, faster weights of a model for this machine, and compare a picture before and after.')
    .argument('<id>', 'id of a model')
    .addOption(new Option('--precision <name>', 'which weights').choices(SMALLER).default(SMALLER[0]))
    .option('--pictures <name>', 'write both pictures: <name>-before.png and <name>-after.png')
    .option('--undo', 'back to the published weights; deletes those that were made')
    .option('--json', 'print one JSON object: psnr, size, before and after with seconds and memory')
    .action(optimise);
}

async function optimise(id: string, { precision, undo, pictures, json }: OptimiseFlags): Promise<void> {
  await withManager(async (manager, work) => {
    if (undo) {
      await manager.undoOptimise(id);
      return console.log(`${id} uses its published weights.`);
    }
    const { before, after, psnr, size } = await manager.optimise(id, precision, engineOptions({}), work);
    if (pictures) {
      for (const [when, { image }] of Object.entries({ before, after })) {
        await writeFileAtomic(`${pictures}-${when}.png`, await encodePlainPng(image));
      }
    }
    if (json) return printJsonLine({ id, precision, psnr, size, before: factsOf(before), after: factsOf(after) });
    console.log(`before: ${textOf(before)}`);
    console.log(`after:  ${textOf(after)}, ${psnr.toFixed(1)} dB to before, ${formatBytes(size)} on disk`);
    console.log(`${id} uses ${precision} from now on; back: underpaint models optimise ${id} --undo`);
  });
}

function factsOf({ seconds, memory }: MeasuredPicture): { seconds: number; memory: number } {
  return { seconds, memory };
}

function textOf({ seconds, memory }: MeasuredPicture): string {
  return `${seconds.toFixed(2)} s, ${formatBytes(memory)} of memory`;
}
