/**
 * This engine in a process of its own, as the program runs it.
 */
import type { EngineOptions, ModelSource, RunReport } from '../../app/contracts/engine-api.ts';
import { ENGINE_CONTRACT } from '../../app/contracts/engine-contract.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, Settings } from '../../app/generation/request.ts';
import { createNodeLauncher } from '../../main/engine/node-launcher.ts';
import { Supervisor } from '../../main/engine/supervisor.ts';
import { findPaths } from '../../main/paths.ts';

export interface EngineRunner {
  run(seed: number): Promise<RunReport>;
  decode(tokens: Int32Array): Promise<RgbImage>;
  /** Tokens of the last run. */
  tokens(): Int32Array;
  stop(): Promise<void>;
}

const LABEL = 207;

/** On the processor. */
export function startEngine(
  source: ModelSource,
  options: Pick<EngineOptions, 'precision' | 'previews'>,
  settings: Settings,
): EngineRunner {
  const engine = new Supervisor(ENGINE_CONTRACT, createNodeLauncher(findPaths().engineEntry));
  const engineOptions: EngineOptions = { provider: 'cpu', ...options };
  let tokens = new Int32Array(0);
  return {
    async run(seed) {
      const request: GenerationRequest = {
        model: source.id,
        label: LABEL,
        seed,
        settings,
      };
      return engine.call('generate', [source, engineOptions, request], {
        onEvent: (event) => {
          if (event.type === 'image') tokens = Int32Array.from(event.tokens);
        },
      });
    },
    decode: (known) => engine.call('decode', [source, engineOptions, known, undefined]),
    tokens: () => tokens,
    stop: () => engine.dispose(),
  };
}
