/**
 * Infinity's tokenizer as a family of its own: Infinity and VAREdit share it.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { type BsqConfig, type BsqWeights, bitsPerToken, detectBsqConfig } from './config.ts';
import { plainKeys } from './plain-keys.ts';
import { checkBsqStateDict } from './state-dict.ts';
import { bsqPipeline } from './tokenizer-pipeline.ts';

export const BSQ_FAMILY = 'bsq';

export const bsqFamily: ModelFamily = { id: BSQ_FAMILY, tokenizer: BSQ_FAMILY, identify, checkTogether, load };

function identify(index: TensorIndex): Part | undefined {
  const config = detectBsqConfig(index);
  if (!config) return undefined;
  checkBsqStateDict({ index: plainKeys(index), config });
  const title = `bitwise tokenizer, ${bitsPerToken(config)} bits a token, ${config.baseChannels} base channels`;
  return { family: BSQ_FAMILY, role: 'tokenizer', title, index };
}

function checkTogether([part]: readonly Part[]): string {
  return (part as Part).title;
}

async function load([part]: readonly Part[], _source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  return bsqPipeline(bsqWeights(part as Part), runtime);
}

/** The weights of a part that was identified here. */
export function bsqWeights({ index }: Part): BsqWeights {
  return { index: plainKeys(index), config: detectBsqConfig(index) as BsqConfig };
}
