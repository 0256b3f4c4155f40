/**
 * The flags of `underpaint batch`.
 */
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { DEFAULT_OUTPUT, METADATA_PLACES, type OutputOptions, PICTURE_FORMATS } from '../../app/batch/batch-options.ts';
import { addEngineFlags, type EngineFlags } from './engine-flags.ts';
import { wholeNumber } from './parse-number.ts';

export interface BatchFlags extends EngineFlags, OutputOptions {
  readonly out: string;
  readonly model?: string;
  readonly sheet?: boolean;
  readonly grid?: readonly [across: string, down: string];
  readonly dryRun?: boolean;
  readonly workers?: number;
  readonly retries: number;
  readonly acceptChanges?: boolean;
  readonly queue?: string;
  readonly json?: boolean;
}

const MAX_RETRIES = 20;
const DEFAULT_RETRIES = 2;

const HELP = `
A plan is a file of entries (.jsonl, .json, .yaml or .csv). An entry names model, label, seed and any settings of the model,
each with one value or several; every combination is painted, the last field changing first:

  # plan.yaml
  defaults: { cfg: 2 }
  pictures:
    - { label: "{alpine lake|desert}", seed: 1..50 }
    - { label: harbour, seed: [3, 7], top_k: "100..900 step 200" }
    - { label: "{castle hill|old town}", seed: 0..99999, choose: 20 }

{one|another} are alternatives, 1..50 is a range, "choose" takes so many at random, the same ones each time ("choose_seed"
takes others). Entries that name no model use --model; without a seed it is 0.

--name may have {n}, {label}, {seed}, {model} and every setting, and "/" for folders. Each picture carries how it was made
and its tokens (underpaint generate --from reads all formats).

A batch may be stopped or killed at any point: the same command goes on. The same plan makes the same pictures, whatever
the order or the number of workers. Pictures that fail are tried again, then listed; the rest goes on.

Over several machines: underpaint batch plan.yaml --out DIR --queue redis://host, and on each machine that paints
underpaint worker --out DIR --queue redis://host. DIR is a folder that all share, or s3://bucket/folder.

With --json, stdout has one object a line, told apart by "type": estimate, start, picture, retry, failed, warning, sheet,
result, error. Exit codes: 0 all pictures are there, 1 failed, 2 wrong usage, 3 some pictures failed, 130 stopped.

Examples:
  $ underpaint batch plan.yaml --out pictures
  $ underpaint batch plan.csv --out pictures --dry-run
  $ underpaint batch plan.jsonl --out pictures --format webp --quality 80 --name "{label}/{seed}" --sheet
  $ underpaint batch plan.yaml --out pictures --grid cfg,seed`;

export function batchFlags(): Command {
  const command = new Command('batch')
    .description('Paint the pictures of a plan.')
    .argument('<plan>', 'file of the plan: .jsonl, .json, .yaml or .csv')
    .requiredOption('--out <folder|s3://…>', 'where the pictures go')
    .addOption(new Option('--format <name>', 'of the pictures').choices(PICTURE_FORMATS).default(DEFAULT_OUTPUT.format))
    .option(
      '--quality <number>',
      'of jpeg, webp and avif',
      wholeNumber('--quality', { min: 1, max: 100 }),
      DEFAULT_OUTPUT.quality,
    )
    .addOption(
      new Option('--metadata <place>', 'where it is said how a picture was made: in it, or in a .json beside it')
        .choices(METADATA_PLACES)
        .default(DEFAULT_OUTPUT.metadata),
    )
    .option('--name <template>', 'names of the pictures, without ending', DEFAULT_OUTPUT.name)
    .option('--model <id|folder>', 'for entries that name none (default: the model that comes with Underpaint)')
    .option('--sheet', 'also make contact sheets')
    .option('--grid <across,down>', 'also make labelled grids of two fields, such as cfg,seed', parseGrid)
    .option('--dry-run', 'make nothing: count, and estimate time and disk from a few pictures')
    .option(
      '--workers <number>',
      'engine processes that work side by side at most (default: as many as processors and memory allow)',
      wholeNumber('--workers', { min: 1, max: availableParallelism() }),
    )
    .option(
      '--retries <number>',
      'how often a picture that failed is tried again',
      wholeNumber('--retries', { min: 0, max: MAX_RETRIES }),
      DEFAULT_RETRIES,
    )
    .option('--accept-changes', 'go on in a folder of another plan: keep the same pictures, replace the others')
    .option('--queue <redis://…>', 'let workers on other machines paint')
    .option('--json', 'print events as JSON');
  return addEngineFlags(command).addHelpText('after', HELP);
}

function parseGrid(text: string): readonly [string, string] {
  const [across, down, ...rest] = text.split(',').map((name) => name.trim());
  if (across && down && rest.length === 0) return [across, down];
  throw new StudioError('bad-request', `--grid names two fields, such as cfg,seed, not "${text}".`);
}
