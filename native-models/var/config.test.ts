import { describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVarConfig, patchNums, type VarConfig } from './config.ts';

const PUBLISHED = [
  { depth: 16, width: 1024, tokens: 680, size: 16, sharedAdaLn: false },
  { depth: 20, width: 1280, tokens: 680, size: 16, sharedAdaLn: false },
  { depth: 24, width: 1536, tokens: 680, size: 16, sharedAdaLn: false },
  { depth: 30, width: 1920, tokens: 680, size: 16, sharedAdaLn: false },
  { depth: 36, width: 2304, tokens: 2240, size: 32, sharedAdaLn: true },
];

describe('detectVarConfig', () => {
  it.each(PUBLISHED)('reads depth $depth', ({ depth, width, tokens, size, sharedAdaLn }) => {
    const config = detectVarConfig(strippedCheckpoint(`var_d${depth}`)) as VarConfig;
    expect(config).toEqual({
      depth,
      width,
      heads: depth,
      classes: 1000,
      vocabulary: 4096,
      latentChannels: 32,
      tokens,
      scales: 10,
      sharedAdaLn,
      normalizedAttention: true,
    });
    const sides = patchNums(config, []);
    expect(sides.at(-1)).toBe(size);
    expect(sides.reduce((sum, side) => sum + side * side, 0)).toBe(tokens);
  });

  it('reads checkpoints without normalised attention', () => {
    const index = strippedCheckpoint('var_d16');
    for (const key of index.entries.keys()) if (key.endsWith('scale_mul_1H11')) index.entries.delete(key);
    expect(detectVarConfig(index)).toMatchObject({ heads: 16, normalizedAttention: false });
  });

  it.each(['pos_1LC', 'class_emb.weight', 'head.weight', 'word_embed.weight', 'lvl_embed.weight'])(
    'is nothing without %s',
    (key) => {
      const index = strippedCheckpoint('var_d16');
      index.entries.delete(key);
      expect(detectVarConfig(index)).toBeUndefined();
    },
  );

  it('is nothing for a tokenizer', () => {
    expect(detectVarConfig(strippedCheckpoint('var_vae'))).toBeUndefined();
  });
});

describe('patchNums', () => {
  const config = { ...(detectVarConfig(strippedCheckpoint('var_d16')) as VarConfig), tokens: 14, scales: 3 };
  const levels = [0, ...new Array(4).fill(1), ...new Array(9).fill(2)];

  it('counts the levels of other sizes', () => {
    expect(patchNums(config, levels)).toEqual([1, 2, 3]);
  });

  it.each([
    ['not square', levels.slice(0, -1)],
    ['out of order', levels.toReversed()],
    ['missing', levels.slice(0, 5)],
    ['too many', [...levels, 3]],
    ['none', []],
  ])('refuses levels that are %s', (_, wrong) => {
    expect(() => patchNums(config, wrong)).toThrow(StudioError);
  });
});
