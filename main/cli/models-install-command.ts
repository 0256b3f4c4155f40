/**
 * `underpaint models install`: from the catalogue, or from addresses.
 */
import { Command } from 'commander';
import { deserializeError, StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import type { Install, InstallOrder } from '../../app/contracts/models-api.ts';
import { printJsonLine } from './json-lines.ts';
import { ProgressLine } from './progress-line.ts';
import { withManager } from './with-manager.ts';

const HELP = `
Ctrl+C pauses: the same command goes on later with what has come. Files are checked by size and SHA-256.

Examples:
  $ underpaint models install var_d16
  $ underpaint models install https://huggingface.co/FoundationVision/var/resolve/main/var_d16.pth --accept-licence`;

interface InstallFlags {
  readonly acceptLicence?: boolean;
  readonly json?: boolean;
}

export function modelsInstallCommand(): Command {
  return new Command('install')
    .description('Download a published model and make it usable.')
    .argument('<id|address...>', 'id of a model (see: underpaint models available), or addresses of its files')
    .option('--accept-licence', 'you have read the licence and may use the model, where that must be said')
    .option('--json', 'print one JSON object when it is done')
    .addHelpText('after', HELP)
    .action(install);
}

async function install(wanted: readonly string[], { acceptLicence = false, json }: InstallFlags): Promise<void> {
  await withManager(async (manager, { signal }) => {
    const begun = await manager.order(orderOf(wanted, acceptLicence));
    const line = new ProgressLine();
    const watching = manager.installs.watch(() => line.show(describe(begun.view)));
    const stop = () => void begun.stop(false);
    signal.addEventListener('abort', stop, { once: true });
    const done = await manager.installs.run(begun);
    watching.dispose();
    line.clear();
    if (!done) throw failureOf(begun.view);
    if (json) return printJsonLine({ type: 'model', id: begun.id, name: begun.record.name });
    console.log(`${begun.id} is installed. Paint with it: underpaint generate --model ${begun.id} --label …`);
  });
}

function orderOf(wanted: readonly string[], licenseAccepted: boolean): InstallOrder {
  const [first = ''] = wanted;
  if (wanted.some((one) => one.includes('://'))) return { type: 'addresses', addresses: wanted, licenseAccepted };
  if (wanted.length === 1) return { type: 'published', id: first, licenseAccepted };
  throw new StudioError('bad-request', 'Install one model at a time.', {
    hint: 'Several addresses are files of one model.',
  });
}

function describe({ state, name, files, rate, leftSeconds, note }: Install): string {
  const done = files.reduce((sum, file) => sum + file.done, 0);
  const total = files.reduce((sum, file) => sum + (file.total ?? file.done), 0);
  const facts = [
    `${formatBytes(done)} of ${formatBytes(total)}`,
    rate > 0 ? `${formatBytes(rate)}/s` : '',
    leftSeconds === null
      ? ''
      : `${leftSeconds < 100 ? `${Math.round(leftSeconds)} s` : `${Math.round(leftSeconds / 60)} min`} left`,
    note ?? '',
  ];
  return `${name}: ${state}, ${facts.filter(Boolean).join(', ')}`;
}

function failureOf({ state, error, name }: Install): StudioError {
  if (error) return deserializeError(error);
  if (state === 'elsewhere') {
    return new StudioError('in-use', `${name} is being installed by another Underpaint.`, { hint: 'Wait for it.' });
  }
  return new StudioError('cancelled', 'Paused: the same command goes on.');
}
