/**
 * LlamaGen and ControlAR as a family: recognising their files and loading them.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import { partOf } from '../model-parts.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { T5_FAMILY, t5Weights } from '../text/family.ts';
import { detectVqganConfig, downsampling, type VqganConfig } from '../vqgan/config.ts';
import { checkVqganStateDict } from '../vqgan/state-dict.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import { detectConfig, type TransformerConfig } from './config.ts';
import type { ControlarModel } from './model.ts';
import { pixelsOfName, usualGrid } from './picture-size.ts';
import { ControlarPipeline } from './pipeline.ts';
import { checkStateDict } from './state-dict.ts';
import { tokenizerPipeline } from './tokenizer-pipeline.ts';

const FAMILY = 'controlar';

export const controlarFamily: ModelFamily = {
  id: FAMILY,
  tokenizer: FAMILY,
  textEncoder: T5_FAMILY,
  published: 'LlamaGen and ControlAR (c2i_B_256.pt, canny_MR.safetensors, … and vq_ds16_c2i.pt or vq_ds16_t2i.pt)',
  identify,
  checkTogether,
  load,
};

function identify(index: TensorIndex): Part | undefined {
  const config = detectConfig(index);
  if (config) {
    checkStateDict(index, config);
    return { family: FAMILY, role: 'transformer', title: `${modelName(config, index)} transformer`, index };
  }
  const tokenizer = detectVqganConfig(index);
  if (!tokenizer) return undefined;
  checkVqganStateDict(index, tokenizer);
  const title = `VQ-${downsampling(tokenizer)} tokenizer, ${tokenizer.vocabulary} codes`;
  return { family: FAMILY, role: 'tokenizer', title, index };
}

function checkTogether(parts: readonly Part[]): string {
  if (isTokenizerAlone(parts)) return parts[0].title;
  const { transformer, tokenizer, textEncoder } = partsOf(parts);
  const { vocabulary, conditioning } = transformer.config;
  if (vocabulary !== tokenizer.config.vocabulary) {
    throw new StudioError(
      'mismatched-files',
      `The transformer draws from ${vocabulary} codes, the tokenizer has ${tokenizer.config.vocabulary}.`,
      { hint: 'They come from different models.' },
    );
  }
  if (conditioning.kind === 'text' && textEncoder && conditioning.channels !== textEncoder.config.width) {
    throw new StudioError(
      'mismatched-files',
      `The transformer reads ${conditioning.channels} channels, the text encoder gives ${textEncoder.config.width}.`,
      { hint: 'The published models were trained with flan-t5-xl.' },
    );
  }
  return modelName(transformer.config, transformer.index);
}

async function load(parts: readonly Part[], source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  checkTogether(parts);
  if (isTokenizerAlone(parts)) {
    const [{ index }] = parts;
    return tokenizerPipeline({ index, config: detectVqganConfig(index) as VqganConfig }, runtime);
  }
  const { transformer, tokenizer, textEncoder } = partsOf(parts);
  const { config, index } = transformer;
  const step = downsampling(tokenizer.config);
  const grid = config.control?.grid ?? Math.floor(pixelsOfName(index.file) / step);
  const unnamed: ControlarModel = { title: '', transformer, tokenizer, textEncoder, grid, source };
  const pixels = usualGrid(unnamed).rows * step;
  const title = `${modelName(config, index)}, ${config.control?.anySize ? 'any size' : `${pixels}×${pixels}`}`;
  return new ControlarPipeline({ ...unnamed, title }, runtime);
}

/** A tokenizer without its transformer can be traced. */
function isTokenizerAlone(parts: readonly Part[]): parts is readonly [Part] {
  return parts.length === 1 && parts[0]?.role === 'tokenizer';
}

function partsOf(parts: readonly Part[]): Pick<ControlarModel, 'transformer' | 'tokenizer' | 'textEncoder'> {
  const transformer = partOf(parts, 'transformer');
  if (!transformer) throw missing('its transformer (c2i_B_256.pt, canny_MR.safetensors, …)');
  const tokenizer = partOf(parts, 'tokenizer');
  if (!tokenizer) throw missing('its tokenizer (vq_ds16_c2i.pt or vq_ds16_t2i.pt)');
  const textEncoder = partOf(parts, 'text-encoder');
  const config = detectConfig(transformer.index) as TransformerConfig;
  if (config.conditioning.kind === 'text' && !textEncoder) {
    throw missing('its text encoder (the first file of flan-t5-xl, with spiece.model or tokenizer.json beside it)');
  }
  return {
    transformer: { index: transformer.index, config },
    tokenizer: { index: tokenizer.index, config: detectVqganConfig(tokenizer.index) as VqganConfig },
    textEncoder: textEncoder && t5Weights(textEncoder),
  };
}

function missing(what: string): StudioError {
  return new StudioError('missing-file', `The model also needs ${what}.`, {
    hint: 'Give all files together: --transformer, --tokenizer and, for models that paint from words, --text-encoder.',
  });
}

/** Names of the published sizes by their layers and width. */
const SIZES: Readonly<Record<string, string>> = {
  '12×768': 'B',
  '24×1024': 'L',
  '36×1280': 'XL',
  '48×1536': 'XXL',
  '24×3200': '3B',
};

function modelName({ layers, width, conditioning, control }: TransformerConfig, index: TensorIndex): string {
  const size = SIZES[`${layers}×${width}`];
  let parameters = 0;
  for (const entry of index.entries.values()) parameters += elementCount(entry.shape);
  const name = `${control ? 'ControlAR' : 'LlamaGen'}${size ? `-${size}` : ''}`;
  const input = conditioning.kind === 'class' ? 'from classes' : 'from words';
  return `${name}, ${input}, ${(parameters / 1e6).toFixed(0)} M parameters`;
}
