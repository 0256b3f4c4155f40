/**
 * Hyper-parameters of Infinity's tokenizer, read from keys and shapes.
 * Source: FoundationVision/Infinity `infinity/models/bsq_vae/vae.py`, `tools/run_infinity.py` (commit 4c27bbb).
 */
import { type AutoencoderConfig, countLevels, downsampling } from '../autoencoder/autoencoder-config.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { plainKeys } from './plain-keys.ts';

/** Pixels of the picture for each token, along one axis. */
export const TOKEN_PIXELS = 16;

/** A latent pixel is quantized to as many bits as it has channels, d. */
export interface BsqConfig extends AutoencoderConfig {
  /** Latent pixels of a token, along one axis. */
  readonly patch: 1 | 2;
}

/** A tokenizer's checkpoint, its keys plain, and what it is. */
export interface BsqWeights {
  readonly index: TensorIndex;
  readonly config: BsqConfig;
}

/** What other autoencoders have, and this one does without. */
const FOREIGN = [
  'quant_conv.weight',
  'post_quant_conv.weight',
  'quantize.embedding.weight',
  'encoder.mid.attn_1.q.weight',
];

/** Reads the configuration, or returns undefined when the tensors are not those of such a tokenizer. */
export function detectBsqConfig(index: TensorIndex): BsqConfig | undefined {
  const plain = plainKeys(index);
  const shape = (key: string) => plain.entries.get(key)?.shape ?? [];
  const [baseChannels = 0] = shape('encoder.conv_in.weight');
  const [encoded] = shape('encoder.conv_out.weight');
  const [, latentChannels = 0] = shape('decoder.conv_in.weight');
  if (baseChannels === 0 || latentChannels === 0 || encoded !== latentChannels) return undefined;
  if (FOREIGN.some((key) => plain.entries.has(key))) return undefined;
  const autoencoder = { latentChannels, levels: countLevels(plain), baseChannels };
  const patch = TOKEN_PIXELS / downsampling(autoencoder);
  return patch === 1 || patch === 2 ? { ...autoencoder, patch } : undefined;
}

/** Bits of a token: those of all its latent pixels. */
export function bitsPerToken({ latentChannels, patch }: BsqConfig): number {
  return latentChannels * patch ** 2;
}

/** The latent's size for a token map. */
export function latentGrid({ patch }: BsqConfig, { rows, columns }: TokenGrid): TokenGrid {
  return { rows: rows * patch, columns: columns * patch };
}
