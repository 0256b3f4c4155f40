/**
 * Accounts for every key of Infinity's tokenizer: used by the graphs, or left out for a reason.
 * Source: FoundationVision/Infinity `infinity/models/bsq_vae/flux_vqgan.py`, `multiscale_bsq.py` (commit 4c27bbb).
 */
import { addConvolutions, LayerKeys } from '../autoencoder/autoencoder-keys.ts';
import { checkKeys } from '../weights/check-tensors.ts';
import type { BsqWeights } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'quantizer.lfq.mask': 'powers of two that number codes; bits are not numbered',
  'quantize.lfq.mask': 'the same module by its other name',
};

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkBsqStateDict({ index, config }: BsqWeights): void {
  const layers = new LayerKeys((key) => index.entries.has(key), []);
  addConvolutions(layers, config.levels);
  checkKeys(index, 'tokenizer', layers.keys, (key) => key in UNUSED);
}
