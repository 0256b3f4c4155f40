/**
 * Accounts for every key of a multi-scale VQVAE's checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/VAR `models/vqvae.py`, `models/basic_vae.py`, `models/quant.py` (commit 78b9539).
 */
import { addAutoencoder, LayerKeys } from '../autoencoder/autoencoder-keys.ts';
import { checkKeys } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VqConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'quantize.ema_vocab_hit_SV': 'how often training used each code',
};

/** Every key that the graphs use. Attention blocks belong to the lowest level. */
export function expectedKeys({ levels, phiCount }: VqConfig, has: (key: string) => boolean): ReadonlySet<string> {
  const layers = new LayerKeys(has, ['qkv']);
  layers.keys.add('quantize.embedding.weight');
  addAutoencoder(layers, levels, (level) => level === levels - 1);
  for (let phi = 0; phi < phiCount; phi++) layers.layer(`quantize.quant_resi.qresi_ls.${phi}`);
  return layers.keys;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkVqStateDict(index: TensorIndex, config: VqConfig): void {
  const expected = expectedKeys(config, (key) => index.entries.has(key));
  checkKeys(index, 'tokenizer', expected, (key) => key in UNUSED);
}
