/**
 * A family that paints latents as the registry sees it: recognising its files and loading them.
 */
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import { checkLatentChannels, KL_FAMILY, klWeights } from '../kl/family.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import { partOf } from '../model-parts.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import type { LatentConfig, LatentFamily, LatentModel } from './latent-family.ts';
import { LatentPipeline } from './latent-pipeline.ts';

export function asModelFamily<C extends LatentConfig, S, T extends { dispose(): Promise<void> }>(
  family: LatentFamily<C, S, T>,
): ModelFamily {
  const sizeName = ({ width }: C) => family.sizes[width] ?? `${family.name}, width ${width}`;

  function transformerTitle(config: C): string {
    let parameters = 0;
    for (const shape of family.expectedTensors(config).values()) parameters += elementCount(shape);
    return `${sizeName(config)} transformer, ${config.positions} tokens, ${(parameters / 1e6).toFixed(0)} M parameters`;
  }

  function identify(index: TensorIndex): Part | undefined {
    const config = family.detect(index);
    if (!config) return undefined;
    family.checkStateDict(index, config);
    return { family: family.id, role: 'transformer', title: transformerTitle(config), index };
  }

  function partsOf(parts: readonly Part[]): Pick<LatentModel<C>, 'transformer' | 'autoencoder'> & { part: Part } {
    const part = partOf(parts, 'transformer') as Part;
    const tokenizer = partOf(parts, 'tokenizer');
    const config = family.detect(part.index) as C;
    return { part, transformer: { index: part.index, config }, autoencoder: tokenizer && klWeights(tokenizer) };
  }

  function checkTogether(parts: readonly Part[]): string {
    const { part, transformer, autoencoder } = partsOf(parts);
    checkLatentChannels(transformer.config.channels, autoencoder);
    return part.title;
  }

  return {
    id: family.id,
    tokenizer: KL_FAMILY,
    published: `${family.name} (${family.publishedFile}, … and kl16.ckpt)`,
    identify,
    checkTogether,
    async load(parts, source, runtime) {
      checkTogether(parts);
      const { transformer, autoencoder } = partsOf(parts);
      const pixels = family.latentSide(transformer.config) * (autoencoder ? downsampling(autoencoder.config) : 1);
      const title = `${sizeName(transformer.config)}${autoencoder ? `, ${pixels}×${pixels}` : ''}`;
      return new LatentPipeline(family, { title, transformer, autoencoder, source }, runtime);
    },
  };
}
