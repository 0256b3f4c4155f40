/**
 * VAR as a family: recognising its files and loading them.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import { partOf } from '../model-parts.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { detectVqConfig, type VqConfig } from '../vq/config.ts';
import { scalePyramid } from '../vq/scales.ts';
import { checkVqStateDict } from '../vq/state-dict.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import { detectVarConfig, patchNums, type VarConfig } from './config.ts';
import { VarPipeline } from './pipeline.ts';
import { checkStateDict } from './state-dict.ts';
import { tokenizerPipeline } from './tokenizer-pipeline.ts';

const FAMILY = 'var';

export const varFamily: ModelFamily = {
  id: FAMILY,
  tokenizer: FAMILY,
  published: 'VAR (var_d16.pth, … and vae_ch160v4096z32.pth)',
  identify,
  checkTogether,
  load,
};

function identify(index: TensorIndex): Part | undefined {
  const config = detectVarConfig(index);
  if (config) {
    checkStateDict(index, config);
    return { family: FAMILY, role: 'transformer', title: transformerTitle(config, index), index };
  }
  const vqConfig = detectVqConfig(index);
  if (vqConfig) {
    checkVqStateDict(index, vqConfig);
    return { family: FAMILY, role: 'tokenizer', title: tokenizerTitle(vqConfig), index };
  }
  return undefined;
}

function checkTogether(parts: readonly Part[]): string {
  if (isTokenizerAlone(parts)) return parts[0].title;
  const { transformer, config, vqConfig } = modelParts(parts);
  if (config.vocabulary !== vqConfig.vocabulary || config.latentChannels !== vqConfig.latentChannels) {
    throw new StudioError(
      'mismatched-files',
      `The transformer draws from ${config.vocabulary} codes of ${config.latentChannels} channels, ` +
        `the tokenizer has ${vqConfig.vocabulary} codes of ${vqConfig.latentChannels}.`,
      { hint: 'They come from different models. The published VAR models all use vae_ch160v4096z32.pth.' },
    );
  }
  return transformer.title;
}

async function load(parts: readonly Part[], source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  checkTogether(parts);
  if (isTokenizerAlone(parts)) {
    const [{ index }] = parts;
    return tokenizerPipeline({ index, config: detectVqConfig(index) as VqConfig }, runtime);
  }
  const { transformer, tokenizer, config, vqConfig } = modelParts(parts);
  const levels = transformer.index.entries.get('lvl_1L');
  const sides = patchNums(config, levels ? await runtime.readIntegers(levels) : []);
  const pyramid = scalePyramid(sides);
  const pixels = (sides.at(-1) as number) * downsampling(vqConfig);
  const title = `VAR-d${config.depth}, ${pixels}×${pixels}`;
  const model = {
    title,
    pyramid,
    transformer: { index: transformer.index, config },
    tokenizer: { index: tokenizer.index, config: vqConfig },
    source,
  };
  return new VarPipeline(model, runtime);
}

/** A tokenizer without its transformer can be traced. */
function isTokenizerAlone(parts: readonly Part[]): parts is readonly [Part] {
  return parts.length === 1 && parts[0]?.role === 'tokenizer';
}

function modelParts(parts: readonly Part[]): {
  transformer: Part;
  tokenizer: Part;
  config: VarConfig;
  vqConfig: VqConfig;
} {
  const transformer = onlyPart(parts, 'transformer');
  const tokenizer = onlyPart(parts, 'tokenizer');
  const config = detectVarConfig(transformer.index) as VarConfig;
  return { transformer, tokenizer, config, vqConfig: detectVqConfig(tokenizer.index) as VqConfig };
}

function onlyPart(parts: readonly Part[], role: Part['role']): Part {
  const part = partOf(parts, role);
  if (part) return part;
  const wanted = role === 'tokenizer' ? 'tokenizer (vae_ch160v4096z32.pth)' : 'transformer (var_d16.pth, …)';
  throw new StudioError('missing-file', `A VAR model also needs its ${wanted}.`, {
    hint: `Give both files: --transformer var_d16.pth --tokenizer vae_ch160v4096z32.pth.`,
  });
}

function transformerTitle(config: VarConfig, index: TensorIndex): string {
  let parameters = 0;
  for (const entry of index.entries.values()) parameters += elementCount(entry.shape);
  return `VAR transformer, depth ${config.depth}, ${config.tokens} tokens, ${(parameters / 1e6).toFixed(0)} M parameters`;
}

function tokenizerTitle(config: VqConfig): string {
  return `multi-scale VQVAE, ${config.vocabulary} codes, ${config.baseChannels} base channels`;
}
