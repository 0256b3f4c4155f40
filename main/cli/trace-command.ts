/**
 * `underpaint trace`: a model's intermediate tensors, to compare two implementations.
 */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { anything, record } from '../../app/contracts/parse.ts';
import { addEngineFlags, type EngineFlags, engineOptions } from './engine-flags.ts';
import { printJsonLine } from './json-lines.ts';
import { probeOutput } from './output-file.ts';
import { withStudio } from './with-studio.ts';

const HELP = `
run.json holds the settings of the run, such as
  {"label": 3, "cfg": 4.0, "top_k": 250, "top_p": 0.95, "g_seed": 7, "more_smooth": false}
--force takes a safetensors file whose tensors are followed instead of being computed, such as "tokens".
Tensors are written as float32 or int32.

Example:
  $ underpaint trace --model var_d16 --run run.json --force expected.safetensors --out trace.safetensors`;

/** A run has a handful of numbers. */
const MAX_RUN_BYTES = 2 ** 20;

interface TraceFlags extends EngineFlags {
  readonly model?: string;
  readonly run: string;
  readonly force?: string;
  readonly out: string;
  readonly json?: boolean;
}

export function traceCommand(): Command {
  const command = new Command('trace')
    .description('Run a model and write its intermediate tensors into a safetensors file.')
    .option('--model <id|folder>', 'the model (default: the one that comes with Underpaint)')
    .requiredOption('--run <file>', 'JSON file with the settings of the run')
    .option('--force <file>', 'safetensors file with tensors to follow')
    .requiredOption('--out <file>', 'safetensors file to write; replaced if it is there')
    .option('--json', 'print one JSON object');
  return addEngineFlags(command).addHelpText('after', HELP).action(runTrace);
}

async function runTrace(flags: TraceFlags): Promise<void> {
  const run = await readRun(flags.run);
  const force = flags.force === undefined ? undefined : await existingFile(flags.force);
  const out = resolve(flags.out);
  await probeOutput(out);
  await withStudio(async (studio, signal) => {
    const model = await studio.models.find(flags.model);
    const tensors = await studio.trace(model, { run, force, out }, engineOptions(flags), signal);
    if (flags.json) printJsonLine({ type: 'trace', file: out, tensors });
    else console.log(`${flags.out}: ${tensors.join(', ')}`);
  });
}

async function readRun(path: string): Promise<Record<string, unknown>> {
  const file = await existingFile(path);
  try {
    if ((await stat(file)).size > MAX_RUN_BYTES) throw new StudioError('bad-request', 'It is too large.');
    return record(anything)(JSON.parse(await readFile(file, 'utf8')), 'The run');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('corrupt-input', `${path} does not hold a run: ${reason}`, {
      hint: 'It must be a JSON object, such as {"label": 3, "cfg": 4.0, "g_seed": 7}.',
      cause: error,
    });
  }
}

async function existingFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return resolve(path);
  throw new StudioError('missing-file', `There is no file ${path}.`, { hint: 'Check the path.' });
}
