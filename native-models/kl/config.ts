/**
 * The KL autoencoder's hyper-parameters, read from keys and shapes.
 * Source: LTH14/mar `models/vae.py` (commit fe470ac), whose KL-16 MAR, FlowAR and xAR share.
 */
import { type AutoencoderConfig, countLevels } from '../autoencoder/autoencoder-config.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** A tokenizer's checkpoint and what it is. */
export interface KlWeights {
  readonly index: TensorIndex;
  readonly config: AutoencoderConfig;
}

/** What the models that use KL-16 multiply its latents with, to about unit variance. */
export const LATENT_SCALE = 0.2325;

/** Reads the configuration, or returns undefined when the tensors are not those of a KL autoencoder. */
export function detectKlConfig(index: TensorIndex): AutoencoderConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const [latentChannels = 0] = shape('post_quant_conv.weight');
  const [moments] = shape('quant_conv.weight');
  const [baseChannels = 0] = shape('encoder.conv_in.weight');
  if (latentChannels === 0 || moments !== 2 * latentChannels || baseChannels === 0) return undefined;
  return { latentChannels, levels: countLevels(index), baseChannels };
}
