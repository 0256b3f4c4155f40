import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVqConfig, type VqConfig } from './config.ts';
import { checkVqStateDict } from './state-dict.ts';

const check = (index: ReturnType<typeof strippedCheckpoint>) =>
  checkVqStateDict(index, detectVqConfig(index) as VqConfig);
const corrupt = (message: string) =>
  expect.objectContaining({ code: 'corrupt-checkpoint', message: expect.stringContaining(message) });

it('accounts for the published tokenizer', () => {
  expect(() => check(strippedCheckpoint('var_vae'))).not.toThrow();
});

it.each([
  'post_quant_conv.bias',
  'encoder.mid.attn_1.qkv.weight',
  'decoder.up.4.attn.2.norm.bias',
  'decoder.up.0.block.2.conv2.bias',
  'encoder.down.3.downsample.conv.weight',
  'quantize.quant_resi.qresi_ls.3.bias',
])('refuses a checkpoint without %s', (key) => {
  const index = strippedCheckpoint('var_vae');
  expect(index.entries.delete(key)).toBe(true);
  expect(() => check(index)).toThrow(corrupt(`/models/var_vae.pth lacks '${key}'`));
});

it('refuses a key that nothing knows', () => {
  const index = strippedCheckpoint('var_vae');
  index.entries.set('loss.discriminator.weight', index.entries.get('quant_conv.bias')!);
  expect(() => check(index)).toThrow(corrupt("has an unknown tensor 'loss.discriminator.weight'"));
});

it('needs no usage statistics', () => {
  const index = strippedCheckpoint('var_vae');
  expect(index.entries.delete('quantize.ema_vocab_hit_SV')).toBe(true);
  expect(() => check(index)).not.toThrow();
});
