/**
 * The flags that choose how a model is run; every command that runs one has them.
 */
import { type Command, Option } from 'commander';
import { type EngineOptions, PRECISIONS } from '../../app/contracts/engine-api.ts';
import type { AskedOptions } from '../studio.ts';

export interface EngineFlags {
  readonly provider?: EngineOptions['provider'];
  readonly precision?: EngineOptions['precision'];
  /** Only `generate` has it. */
  readonly previews?: EngineOptions['previews'];
}

const PROVIDERS: readonly EngineOptions['provider'][] = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

export function addEngineFlags(command: Command): Command {
  return command
    .addOption(new Option('--provider <name>', 'what computes (default: auto, the best that works)').choices(PROVIDERS))
    .addOption(
      new Option(
        '--precision <name>',
        "fp32 is exact; int8 is faster on the CPU and int4 needs the least memory (default: the model's own)",
      ).choices(PRECISIONS),
    );
}

/** What the flags say; `recorded` counts for those that are not given, as far as it makes sense. */
export function engineOptions(
  flags: EngineFlags,
  recorded?: { readonly provider: string; readonly precision: string },
): AskedOptions & Pick<EngineOptions, 'provider'> {
  return {
    provider: flags.provider ?? PROVIDERS.find((id) => id === recorded?.provider) ?? 'auto',
    precision: flags.precision ?? PRECISIONS.find((id) => id === recorded?.precision),
    previews: flags.previews,
  };
}
