/**
 * xAR as a family: recognising its files and loading them.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import { checkLatentChannels, KL_FAMILY, klWeights } from '../kl/family.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import { partOf } from '../model-parts.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import { detectXarConfig, type XarConfig } from './config.ts';
import { XarPipeline } from './pipeline.ts';
import { checkStateDict, expectedTensors } from './state-dict.ts';

const FAMILY = 'xar';
/** The published models by their width. */
const SIZES: Readonly<Record<number, string>> = { 768: 'xAR-B', 1024: 'xAR-L', 1280: 'xAR-H' };

export const xarFamily: ModelFamily = {
  id: FAMILY,
  tokenizer: KL_FAMILY,
  published: 'xAR (xAR-B.pth, … and kl16.ckpt)',
  identify,
  checkTogether,
  load,
};

function identify(index: TensorIndex): Part | undefined {
  const config = detectXarConfig(index);
  if (!config) return undefined;
  checkStateDict(index, config);
  return { family: FAMILY, role: 'transformer', title: transformerTitle(config), index };
}

function checkTogether(parts: readonly Part[]): string {
  const { transformer, config, autoencoder } = modelParts(parts);
  checkLatentChannels(config.channels, autoencoder);
  return transformer.title;
}

async function load(parts: readonly Part[], source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  checkTogether(parts);
  const { transformer, config, autoencoder } = modelParts(parts);
  const pixels = config.size * (autoencoder ? downsampling(autoencoder.config) : 1);
  const title = autoencoder ? `${sizeName(config)}, ${pixels}×${pixels}` : sizeName(config);
  return new XarPipeline({ title, transformer: { index: transformer.index, config }, autoencoder, source }, runtime);
}

function modelParts(parts: readonly Part[]) {
  const transformer = partOf(parts, 'transformer') as Part;
  const tokenizer = partOf(parts, 'tokenizer');
  const config = detectXarConfig(transformer.index) as XarConfig;
  return { transformer, config, autoencoder: tokenizer && klWeights(tokenizer) };
}

function sizeName({ width }: XarConfig): string {
  return SIZES[width] ?? `xAR, width ${width}`;
}

function transformerTitle(config: XarConfig): string {
  let parameters = 0;
  for (const shape of expectedTensors(config).values()) parameters += elementCount(shape);
  return `${sizeName(config)} transformer, ${config.positions} tokens, ${(parameters / 1e6).toFixed(0)} M parameters`;
}
