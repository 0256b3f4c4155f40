import { describe, expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import { detectVqConfig, type VqConfig } from './config.ts';

describe('detectVqConfig', () => {
  it('reads the published tokenizer', () => {
    const config = detectVqConfig(strippedCheckpoint('var_vae')) as VqConfig;
    expect(config).toEqual({
      latentChannels: 32,
      vocabulary: 4096,
      levels: 5,
      baseChannels: 160,
      phiCount: 4,
      scales: 10,
    });
    expect(downsampling(config)).toBe(16);
  });

  it.each(['quantize.embedding.weight', 'encoder.conv_in.weight'])('is nothing without %s', (key) => {
    const index = strippedCheckpoint('var_vae');
    index.entries.delete(key);
    expect(detectVqConfig(index)).toBeUndefined();
  });

  it('is nothing for a transformer', () => {
    expect(detectVqConfig(strippedCheckpoint('var_d16'))).toBeUndefined();
  });
});
