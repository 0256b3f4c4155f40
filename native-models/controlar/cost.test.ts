import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVqganConfig, type VqganConfig } from '../vqgan/config.ts';
import { detectConfig, type TransformerConfig } from './config.ts';
import { decoderWork, tokenShare } from './cost.ts';

const [transformer, tokenizer] = ['llamagen_c2i_B', 'vq_ds16'].map(strippedCheckpoint) as [
  ReturnType<typeof strippedCheckpoint>,
  ReturnType<typeof strippedCheckpoint>,
];

it('counts the multiply-adds of VQ-16', () => {
  const config = detectVqganConfig(tokenizer) as VqganConfig;
  expect(decoderWork({ index: tokenizer, config }) / 490e6).toBeCloseTo(1, 1);
});

it('has nearly all of the work in the tokens of LlamaGen-B', () => {
  const model = {
    transformer: { index: transformer, config: detectConfig(transformer) as TransformerConfig },
    tokenizer: { index: tokenizer, config: detectVqganConfig(tokenizer) as VqganConfig },
  };
  expect(tokenShare(model)).toBeGreaterThan(0.8);
});
