/**
 * `underpaint models preferences`: where models lie, and what they may take.
 */
import { resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { Command } from 'commander';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';
import type { ModelManager } from '../models/model-manager.ts';
import { printJsonLine } from './json-lines.ts';
import { withManager } from './with-manager.ts';

interface PreferencesFlags {
  readonly memory?: string;
  readonly share?: string;
  readonly unshare?: string;
  readonly hub?: string;
  readonly token?: boolean;
  readonly forgetToken?: boolean;
  readonly json?: boolean;
}

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

export function modelsPreferencesCommand(): Command {
  return new Command('preferences')
    .description('Show or change where models lie and how much memory they may take.')
    .option('--memory <size>', 'memory of loaded models, such as 8GB; "auto" for a share of the machine')
    .option('--share <folder>', 'also use models of another program in this folder; nothing is written there')
    .option('--unshare <folder>', 'no longer')
    .option('--hub <address>', 'a mirror of the Hugging Face hub; "auto" for the hub itself')
    .option('--token', "keep an access token for the hub's gated files, read from standard input")
    .option('--forget-token', 'forget it')
    .option('--json', 'print one JSON object')
    .action(preferences);
}

async function preferences(flags: PreferencesFlags): Promise<void> {
  await withManager(async (manager) => {
    await change(manager, flags);
    const { shared, hub } = manager.settings();
    const token = (await manager.tokens.place()) ?? null;
    const facts = {
      folder: manager.modelsFolder,
      shared,
      memory: manager.memoryBudget,
      hub: manager.hubEndpoint,
      token,
    };
    if (flags.json) return printJsonLine(facts);
    console.log(`models folder: ${facts.folder}`);
    console.log(`shared folders: ${shared.join(', ') || 'none'}`);
    console.log(`memory of loaded models: ${formatBytes(facts.memory)}`);
    console.log(`hub: ${facts.hub}${hub ? '' : ' (default)'}`);
    console.log(`access token: ${tokenText(token)}`);
  });
}

async function change(manager: ModelManager, flags: PreferencesFlags): Promise<void> {
  const { memory, share, unshare, hub } = flags;
  const shared = new Set(manager.settings().shared);
  if (share !== undefined) shared.add(resolve(share));
  if (unshare !== undefined) shared.delete(resolve(unshare));
  if (memory !== undefined) await manager.changeSettings({ memoryBudget: memory === 'auto' ? null : bytesOf(memory) });
  if (share !== undefined || unshare !== undefined) await manager.changeSettings({ shared: [...shared] });
  if (hub !== undefined) await manager.changeSettings({ hub: hub === 'auto' ? null : hub });
  if (flags.token) await manager.tokens.write((await readText(process.stdin)).trim());
  if (flags.forgetToken) await manager.tokens.write(null);
}

function bytesOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(MB|GB|TB)$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toUpperCase() ?? ''];
  if (match && unit) return Math.round(Number(match[1]) * unit);
  throw new StudioError('bad-request', `"${text}" is not a size.`, { hint: 'Write it as 8GB or 500MB, or "auto".' });
}

function tokenText(place: 'keychain' | 'file' | null): string {
  if (place === null) return process.env.HF_TOKEN ? 'from the variable HF_TOKEN' : 'none';
  return place === 'keychain'
    ? "in the system's keychain"
    : 'in a file that only you can read: this system has no keychain that Underpaint can use';
}
