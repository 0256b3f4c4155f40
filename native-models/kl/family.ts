/**
 * The KL autoencoder as a family of its own: several models share it.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { detectKlConfig, type KlWeights } from './config.ts';
import { checkKlStateDict } from './state-dict.ts';
import { klPipeline } from './tokenizer-pipeline.ts';

export const KL_FAMILY = 'kl';

export const klFamily: ModelFamily = { id: KL_FAMILY, tokenizer: KL_FAMILY, identify, checkTogether, load };

function identify(index: TensorIndex): Part | undefined {
  const config = detectKlConfig(index);
  if (!config) return undefined;
  checkKlStateDict(index, config);
  const title = `KL autoencoder, ${config.latentChannels} channels, ${config.baseChannels} base channels`;
  return { family: KL_FAMILY, role: 'tokenizer', title, index };
}

function checkTogether([part]: readonly Part[]): string {
  return (part as Part).title;
}

async function load([part]: readonly Part[], _source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  return klPipeline(klWeights(part as Part), runtime);
}

/** The weights of a part that was identified here. */
export function klWeights({ index }: Part): KlWeights {
  return { index, config: detectKlConfig(index) as KlWeights['config'] };
}

/** Throws `mismatched-files` when an autoencoder is not the one that a transformer paints for. */
export function checkLatentChannels(channels: number, autoencoder: KlWeights | undefined): void {
  const found = autoencoder?.config.latentChannels ?? channels;
  if (found === channels) return;
  throw new StudioError(
    'mismatched-files',
    `The transformer paints latents of ${channels} channels, the autoencoder has ${found}.`,
    { hint: 'They come from different models. The published ones all use kl16.ckpt.' },
  );
}
