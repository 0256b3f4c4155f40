/**
 * Accounts for every key of a KL autoencoder's checkpoint: used by the graphs, or left out for a reason.
 * Source: LTH14/mar `models/vae.py` (commit fe470ac).
 */
import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import { addAutoencoder, LayerKeys } from '../autoencoder/autoencoder-keys.ts';
import { checkKeys } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** The discriminator and perceptual network of training, which checkpoints may still hold. */
const TRAINING = 'loss.';

/**
 * Attention follows the residual blocks of those levels where the checkpoint has it.
 *
 * @throws corrupt-checkpoint naming the first key that is missing or unknown
 */
export function checkKlStateDict(index: TensorIndex, { levels }: AutoencoderConfig): void {
  const has = (key: string) => index.entries.has(key);
  const layers = new LayerKeys(has, ['q', 'k', 'v']);
  addAutoencoder(layers, levels, (_level, name) => has(`${name}.norm.weight`));
  checkKeys(index, 'autoencoder', layers.keys, (key) => key.startsWith(TRAINING));
}
