/**
 * Infinity and VAREdit as a family: recognising their files and loading them.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { bitsPerToken } from '../bsq/config.ts';
import { BSQ_FAMILY, bsqWeights } from '../bsq/family.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import { partOf } from '../model-parts.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { T5_FAMILY, t5Weights } from '../text/family.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import { detectConfig, type TransformerConfig } from './config.ts';
import type { InfinityModel } from './model.ts';
import { InfinityPipeline } from './pipeline.ts';
import { checkStateDict } from './state-dict.ts';
import { taskOfName } from './task.ts';

const FAMILY = 'varedit';

export const vareditFamily: ModelFamily = {
  id: FAMILY,
  tokenizer: BSQ_FAMILY,
  textEncoder: T5_FAMILY,
  published:
    'Infinity (infinity_2b_reg.pth and infinity_vae_d32reg.pth) and VAREdit (8B-512.pth, … and infinity_vae_d56_f8_14_patchify.pth), both with flan-t5-xl',
  identify,
  checkTogether: (parts) => modelOf(parts).title,
  load,
};

function identify(index: TensorIndex): Part | undefined {
  const config = detectConfig(index);
  if (!config) return undefined;
  checkStateDict(index, config);
  return { family: FAMILY, role: 'transformer', title: `${modelName(config, index)} transformer`, index };
}

async function load(parts: readonly Part[], source: ModelSource, runtime: Runtime): Promise<Pipeline> {
  return new InfinityPipeline({ ...modelOf(parts), source }, runtime);
}

function modelOf(parts: readonly Part[]): Omit<InfinityModel, 'source'> {
  const transformer = partOf(parts, 'transformer');
  const tokenizer = partOf(parts, 'tokenizer');
  const textEncoder = partOf(parts, 'text-encoder');
  if (!transformer) throw missing('its transformer (infinity_2b_reg.pth, 8B-512.pth, …)');
  if (!tokenizer) throw missing('its tokenizer (infinity_vae_d32reg.pth or infinity_vae_d56_f8_14_patchify.pth)');
  if (!textEncoder) {
    throw missing('its text encoder (the first file of flan-t5-xl, with spiece.model or tokenizer.json beside it)');
  }
  const { index } = transformer;
  const config = detectConfig(index) as TransformerConfig;
  const model = {
    title: `${modelName(config, index)}, ${sizeName(index)}`,
    transformer: { index, config },
    tokenizer: bsqWeights(tokenizer),
    textEncoder: t5Weights(textEncoder),
    task: taskOfName(index.file),
  };
  checkFit(model);
  return model;
}

function checkFit({ transformer, tokenizer, textEncoder }: Omit<InfinityModel, 'source'>): void {
  const { bits, text } = transformer.config;
  const tokenBits = bitsPerToken(tokenizer.config);
  if (bits !== tokenBits) {
    throw new StudioError(
      'mismatched-files',
      `The transformer paints tokens of ${bits} bits, the tokenizer's have ${tokenBits}.`,
      {
        hint: 'Models of 2 billion parameters go with infinity_vae_d32reg.pth, those of 8 billion with …_d56_f8_14_patchify.pth.',
      },
    );
  }
  if (text.channels === textEncoder.config.width) return;
  throw new StudioError(
    'mismatched-files',
    `The transformer reads ${text.channels} channels, the text encoder gives ${textEncoder.config.width}.`,
    { hint: 'The published models were trained with flan-t5-xl.' },
  );
}

function missing(what: string): StudioError {
  return new StudioError('missing-file', `The model also needs ${what}.`, {
    hint: 'Give all files together: --transformer, --tokenizer and --text-encoder.',
  });
}

/** Billions of parameters of the published sizes by their depth and width. */
const SIZES: Readonly<Record<string, string>> = { '32×2048': '2B', '40×3584': '8B' };

function modelName({ depth, width }: TransformerConfig, index: TensorIndex): string {
  const size = SIZES[`${depth}×${width}`];
  let parameters = 0;
  for (const entry of index.entries.values()) parameters += elementCount(entry.shape);
  const name = `${taskOfName(index.file).edits ? 'VAREdit' : 'Infinity'}${size ? `-${size}` : ''}`;
  return `${name}, ${(parameters / 1e6).toFixed(0)} M parameters`;
}

function sizeName(index: TensorIndex): string {
  const { edits, scales } = taskOfName(index.file);
  const side = scales === 10 ? 512 : 1024;
  return edits ? `pictures of ${side}×${side}` : `${side}×${side} and other shapes`;
}
