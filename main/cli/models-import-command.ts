/**
 * `underpaint models import`: checkpoint files become a model.
 */
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import type { Inspection } from '../../app/contracts/models-api.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

const HELP = `
The files stay where they are and are neither copied nor converted: if you move them, import them again.
What they are is told from their contents. A tokenizer that an installed model has already need not be given.
A text encoder needs its own tokenizer, spiece.model or tokenizer.json, in the same folder.

Examples:
  $ underpaint models import var_d16.pth vae_ch160v4096z32.pth
  $ underpaint models import --transformer FlowAR-S.pth --tokenizer kl16.ckpt
  $ underpaint models import canny_MR.safetensors vq_ds16_t2i.pt flan-t5-xl/model-00001-of-00002.safetensors
  $ underpaint models import my-folder --id mine
  $ underpaint models import --check downloads
  $ underpaint generate --model mine --label "golden retriever" --out dog.png`;

interface ImportFlags {
  readonly transformer?: string;
  readonly tokenizer?: string;
  readonly textEncoder?: string;
  readonly id?: string;
  readonly check?: boolean;
  readonly test?: boolean;
  readonly json?: boolean;
}

export function modelsImportCommand(): Command {
  return new Command('import')
    .description('Make checkpoint files (.pth, .ckpt, .safetensors) of a published model usable.')
    .argument('[files...]', 'files, or a folder with them')
    .option('--transformer <file>', 'the transformer, such as var_d16.pth')
    .option('--tokenizer <file>', 'the tokenizer (VAE), such as vae_ch160v4096z32.pth or kl16.ckpt')
    .option('--text-encoder <file>', 'of models that paint from words: the first file of flan-t5-xl')
    .option('--id <name>', "what to call it (default: the transformer's file name)")
    .option('--check', 'only say what the files are')
    .option('--test', 'also load the model and paint for a second, which gives it a thumbnail')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(runImport);
}

async function runImport(given: readonly string[], flags: ImportFlags): Promise<void> {
  const { transformer, tokenizer, textEncoder, id, check, test = false, json } = flags;
  const files = [...given, transformer, tokenizer, textEncoder].filter((file) => file !== undefined);
  if (files.length === 0) {
    throw new StudioError('bad-request', 'No file is given.', { hint: 'See: underpaint help models import' });
  }
  await withManager(async (manager, work) => {
    if (check) {
      const inspection = await manager.inspect(files);
      if (json) return printJsonLine(inspection);
      return console.log(linesOf(inspection).join('\n'));
    }
    const { id: made, name, selfTest, problems } = await manager.import({ files, id: id ?? null }, work, test);
    for (const { message } of problems) console.error(`warning: ${message}`);
    const { folder, family } = await manager.entry(made);
    if (json) return printJsonLine({ type: 'model', id: made, name, family, folder, selfTest });
    console.log(`${made}: ${name}`);
    if (selfTest)
      console.log(
        `It works: ${selfTest.step} of ${selfTest.steps} steps in ${(selfTest.milliseconds / 1000).toFixed(1)} s.`,
      );
    console.log(`Paint with it: underpaint generate --model ${made} --label …`);
  });
}

function linesOf({ files, complete, title, missing, license }: Inspection): string[] {
  return [
    ...files.map((file) =>
      file.known
        ? `${file.file}: ${file.title}, ${formatBytes(file.size)}, ${file.precision}`
        : `${file.file}: ${file.reason} ${file.hint}`,
    ),
    complete.length > 0 ? `Together they are ${title}.` : '',
    license ? `Licence: ${license.id ?? 'none'}, ${license.url}` : '',
    missing
      ? `Missing: ${missing.what}${missing.file ? ` The catalogue has it: ${missing.file}, ${formatBytes(missing.size)}.` : ''}`
      : '',
  ].filter(Boolean);
}
