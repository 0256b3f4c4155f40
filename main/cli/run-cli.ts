/**
 * The `underpaint` program: its commands, and how it ends.
 */
import { Command, CommanderError } from 'commander';
import { APP_VERSION } from '../paths.ts';
import { batchCommand } from './batch-command.ts';
import { devicesCommand } from './devices-command.ts';
import { editCommand } from './edit-command.ts';
import { exitCodeOf, reportFailure } from './failure.ts';
import { generateCommand } from './generate-command.ts';
import { editClassCommand, inpaintCommand } from './inpaint-command.ts';
import { modelsAvailableCommand } from './models-available-command.ts';
import { modelsImportCommand } from './models-import-command.ts';
import { modelsInstallCommand } from './models-install-command.ts';
import { modelsLabelsCommand } from './models-labels-command.ts';
import { modelsListCommand } from './models-list-command.ts';
import { modelsMoveCommand } from './models-move-command.ts';
import { modelsOptimiseCommand } from './models-optimise-command.ts';
import { modelsOrphansCommand } from './models-orphans-command.ts';
import { modelsPreferencesCommand } from './models-preferences-command.ts';
import { modelsRemoveCommand } from './models-remove-command.ts';
import { modelsSettingsCommand } from './models-settings-command.ts';
import { modelsShowCommand } from './models-show-command.ts';
import { modelsVerifyCommand } from './models-verify-command.ts';
import { outpaintCommand } from './outpaint-command.ts';
import { serveCommand } from './serve-command.ts';
import { traceCommand } from './trace-command.ts';
import { varyCommand } from './vary-command.ts';
import { workerCommand } from './worker-command.ts';

const EXAMPLES = `
Examples:
  $ underpaint generate --label "alpine lake" --seed 7 --out lake.png
  $ underpaint generate --from lake.png --seed 8 --out other-lake.png
  $ underpaint vary --from lake.png --keep-scales 5 --count 4
  $ underpaint inpaint --image lake.png --mask boat.png --out without-boat.png
  $ underpaint outpaint --image lake.png --size 1024x512 --out wide-lake.png
  $ underpaint edit --model 8B-512 --image lake.png --instruction "make it night" --out night.png
  $ underpaint batch plan.yaml --out pictures
  $ underpaint models install var_d16
  $ underpaint models import var_d16.pth vae_ch160v4096z32.pth
  $ underpaint help generate

Imported models and settings are kept in the data folder of your system; the variable UNDERPAINT_HOME moves it.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some pictures of a batch failed, 130 stopped with Ctrl+C.`;

/** Runs the program and returns its exit code: what a command has set, or what its failure means. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    reportFailure(error, args.includes('--json'));
    return exitCodeOf(error);
  }
}

function createProgram(): Command {
  const models = new Command('models')
    .description('Find, install and keep models.')
    .addCommand(modelsAvailableCommand())
    .addCommand(modelsInstallCommand())
    .addCommand(modelsImportCommand())
    .addCommand(modelsListCommand())
    .addCommand(modelsShowCommand())
    .addCommand(modelsLabelsCommand())
    .addCommand(modelsSettingsCommand())
    .addCommand(modelsOptimiseCommand())
    .addCommand(modelsVerifyCommand())
    .addCommand(modelsRemoveCommand())
    .addCommand(modelsMoveCommand())
    .addCommand(modelsOrphansCommand())
    .addCommand(modelsPreferencesCommand());
  const program = new Command('underpaint')
    .description('Paint with autoregressive image models.')
    .version(APP_VERSION)
    .addHelpText('after', EXAMPLES)
    .addCommand(generateCommand())
    .addCommand(varyCommand())
    .addCommand(inpaintCommand())
    .addCommand(outpaintCommand())
    .addCommand(editClassCommand())
    .addCommand(editCommand())
    .addCommand(batchCommand())
    .addCommand(workerCommand())
    .addCommand(models)
    .addCommand(serveCommand())
    .addCommand(devicesCommand())
    .addCommand(traceCommand());
  for (const command of withSubcommands(program)) configure(command);
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Failures are thrown and reported in one place, whatever found them. */
function configure(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
}
