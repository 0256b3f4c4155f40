import { describe, expect, it } from 'vitest';
import { misshape, strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVarConfig, type VarConfig } from './config.ts';
import { checkStateDict } from './state-dict.ts';

const check = (index: ReturnType<typeof strippedCheckpoint>) =>
  checkStateDict(index, detectVarConfig(index) as VarConfig);
const corrupt = (message: string) =>
  expect.objectContaining({ code: 'corrupt-checkpoint', message: expect.stringContaining(message) });

describe.each([16, 20, 24, 30, 36])('the checkpoint of depth %i', (depth) => {
  const name = `var_d${depth}`;

  it('is accounted for', () => {
    expect(() => check(strippedCheckpoint(name))).not.toThrow();
  });

  it('is refused without one of its keys', () => {
    for (const key of ['head.bias', 'lvl_1L', `blocks.${depth - 1}.ffn.fc2.bias`, 'blocks.3.attn.scale_mul_1H11']) {
      const index = strippedCheckpoint(name);
      index.entries.delete(key);
      expect(() => check(index), key).toThrow(corrupt(`/models/${name}.pth lacks '${key}'`));
    }
  });

  it('is refused with a wrong shape', () => {
    const index = strippedCheckpoint(name);
    misshape(index, 'blocks.2.attn.proj.weight', [3, 5]);
    expect(() => check(index)).toThrow(corrupt("has 'blocks.2.attn.proj.weight' as (3, 5) where"));
  });

  it('is refused with a key that nothing knows', () => {
    const index = strippedCheckpoint(name);
    index.entries.set('blocks.0.surprise', index.entries.get('head.bias')!);
    expect(() => check(index)).toThrow(corrupt("has an unknown tensor 'blocks.0.surprise'"));
  });
});

it('needs no mask of training', () => {
  const index = strippedCheckpoint('var_d16');
  expect(index.entries.delete('attn_bias_for_masking')).toBe(true);
  expect(() => check(index)).not.toThrow();
});

it('refuses a block after a gap', () => {
  const index = strippedCheckpoint('var_d16');
  index.entries.delete('blocks.7.attn.mat_qkv.weight');
  expect(() => check(index)).toThrow(corrupt('unknown tensor'));
});
