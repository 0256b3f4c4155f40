import { describe, expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import { detectKlConfig } from './config.ts';
import { checkKlStateDict } from './state-dict.ts';

describe('the published autoencoder', () => {
  const config = detectKlConfig(strippedCheckpoint('kl16')) as AutoencoderConfig;

  it('is read from its shapes', () => {
    expect(config).toEqual({ latentChannels: 16, levels: 5, baseChannels: 128 });
  });

  it('is accounted for, and may hold what training needed', () => {
    const index = strippedCheckpoint('kl16');
    expect(() => checkKlStateDict(index, config)).not.toThrow();
    index.entries.set('loss.logvar', index.entries.get('quant_conv.bias')!);
    expect(() => checkKlStateDict(index, config)).not.toThrow();
  });

  it.each(['encoder.down.4.attn.1.k.bias', 'decoder.up.2.upsample.conv.weight', 'decoder.mid.attn_1.q.weight'])(
    'is refused without %s',
    (key) => {
      const index = strippedCheckpoint('kl16');
      index.entries.delete(key);
      expect(() => checkKlStateDict(index, config)).toThrow(`lacks '${key}'`);
    },
  );

  it('is refused with a key that nothing knows', () => {
    const index = strippedCheckpoint('kl16');
    index.entries.set('decoder.surprise', index.entries.get('quant_conv.bias')!);
    expect(() => checkKlStateDict(index, config)).toThrow("unknown tensor 'decoder.surprise'");
  });

  it.each(['var_vae', 'var_d16', 'flowar_small', 'xar_base'])('is not %s', (file) => {
    expect(detectKlConfig(strippedCheckpoint(file))).toBeUndefined();
  });
});
