/**
 * `underpaint models import`: checkpoint files become a model.
 */
import { Command } from 'commander';
import { printJsonLine } from './json-lines.ts';
import { withStudio } from './with-studio.ts';

const HELP = `
The files stay where they are and are neither copied nor converted: if you move them, import them again.
What they are is told from their contents, so it does not matter which file is given to which option.

Examples:
  $ underpaint models import --transformer var_d16.pth --tokenizer vae_ch160v4096z32.pth
  $ underpaint models import --transformer FlowAR-S.pth --tokenizer kl16.ckpt
  $ underpaint models import --transformer my.safetensors --tokenizer vae_ch160v4096z32.pth --id mine
  $ underpaint generate --model mine --label "golden retriever" --out dog.png`;

interface ImportFlags {
  readonly transformer: string;
  readonly tokenizer: string;
  readonly id?: string;
  readonly json?: boolean;
}

export function modelsImportCommand(): Command {
  return new Command('import')
    .description('Make checkpoint files (.pth, .ckpt, .safetensors) of a published model usable.')
    .requiredOption('--transformer <file>', 'the transformer, such as var_d16.pth')
    .requiredOption('--tokenizer <file>', 'the tokenizer (VAE), such as vae_ch160v4096z32.pth or kl16.ckpt')
    .option('--id <name>', "what to call it (default: the transformer's file name)")
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(runImport);
}

async function runImport({ transformer, tokenizer, id, json }: ImportFlags): Promise<void> {
  await withStudio(async (studio, signal) => {
    const { card, folder, previewProblem } = await studio.importModel({ files: [transformer, tokenizer], id }, signal);
    if (previewProblem) console.error(`warning: The preview could not be prepared: ${previewProblem.message}`);
    if (json) return printJsonLine({ type: 'model', id: card.id, name: card.name, family: card.family, folder });
    console.log(`${card.id}: ${card.name}`);
    console.log(`Paint with it: underpaint generate --model ${card.id} --label …`);
  });
}
