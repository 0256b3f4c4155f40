/**
 * `underpaint devices`: what this machine can run models on.
 */
import { Command } from 'commander';
import { addEngineFlags, type EngineFlags, engineOptions } from './engine-flags.ts';
import { printJsonLine } from './json-lines.ts';
import { withStudio } from './with-studio.ts';

export function devicesCommand(): Command {
  const command = new Command('devices')
    .description('Show what this machine can run models on, what is chosen and why.')
    .option('--json', 'print one JSON object');
  return addEngineFlags(command).action(printDevices);
}

async function printDevices(flags: EngineFlags & { json?: boolean }): Promise<void> {
  await withStudio(async (studio) => {
    const report = await studio.devices(engineOptions(flags));
    if (flags.json) return printJsonLine(report);
    console.log(`${report.chosen}: ${report.reason}`);
    for (const { id, usable, reason } of report.providers) {
      console.log(`  ${usable ? 'yes' : 'no '}  ${id.padEnd(7)} ${reason}`);
    }
  });
}
