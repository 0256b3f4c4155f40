import { describe, expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { cellTokens, detectXarConfig, type XarConfig } from './config.ts';

describe('detectXarConfig', () => {
  it.each([
    ['xar_base', { encoderBlocks: 8, decoderBlocks: 8, width: 768, heads: 12, mlpWidth: 2048 }],
    ['xar_large', { encoderBlocks: 16, decoderBlocks: 16, width: 1024, heads: 16, mlpWidth: 2730 }],
    ['xar_huge', { encoderBlocks: 20, decoderBlocks: 20, width: 1280, heads: 16, mlpWidth: 3413 }],
  ])('reads %s', (file, sizes) => {
    const config = detectXarConfig(strippedCheckpoint(file)) as XarConfig;
    expect(config).toEqual({ ...sizes, positions: 256, classes: 1000, channels: 16, size: 16 });
    expect(cellTokens(config)).toBe(64);
  });

  it.each(['flowar_small', 'flowar_large', 'kl16', 'var_d16', 'var_vae'])('is nothing for %s', (file) => {
    expect(detectXarConfig(strippedCheckpoint(file))).toBeUndefined();
  });
});
