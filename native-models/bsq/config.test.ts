import { describe, expect, it } from 'vitest';
import { misshape, type StrippedCheckpoint, strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { type BsqConfig, bitsPerToken, detectBsqConfig, latentGrid } from './config.ts';
import { plainKeys } from './plain-keys.ts';
import { checkBsqStateDict } from './state-dict.ts';

const detect = (index: TensorIndex) => detectBsqConfig(index) as BsqConfig;
const check = (index: TensorIndex) => checkBsqStateDict({ index: plainKeys(index), config: detect(index) });

/** The published tokenizer with other latents. */
function withChannels(d: number): StrippedCheckpoint {
  const index = strippedCheckpoint('bsq_d32');
  misshape(index, 'encoder.conv_out.conv.weight', [d, 512, 3, 3]);
  misshape(index, 'encoder.conv_out.conv.bias', [d]);
  misshape(index, 'decoder.conv_in.conv.weight', [512, d, 3, 3]);
  return index;
}

describe('the published tokenizers', () => {
  it('are read from their shapes', () => {
    const f16 = detect(strippedCheckpoint('bsq_d32'));
    expect(f16).toEqual({ latentChannels: 32, levels: 5, baseChannels: 128, patch: 1 });
    expect([bitsPerToken(f16), latentGrid(f16, { rows: 3, columns: 2 })]).toEqual([32, { rows: 3, columns: 2 }]);
    const f8 = detect(strippedCheckpoint('bsq_d14_patchify'));
    expect(f8).toEqual({ latentChannels: 14, levels: 4, baseChannels: 128, patch: 2 });
    expect([bitsPerToken(f8), latentGrid(f8, { rows: 3, columns: 2 })]).toEqual([56, { rows: 6, columns: 4 }]);
  });

  it.each([16, 24, 64])('of %d bits too', (d) => {
    expect(bitsPerToken(detect(withChannels(d)))).toBe(d);
    expect(() => check(withChannels(d))).not.toThrow();
  });

  it.each(['bsq_d32', 'bsq_d14_patchify'])('%s is accounted for, in either spelling', (file) => {
    const index = strippedCheckpoint(file);
    expect(() => check(index)).not.toThrow();
    const plain = plainKeys(index);
    expect(plain.entries.has('encoder.down.0.downsample.conv.weight')).toBe(true);
    expect(plain.entries.get('decoder.norm_out.bias')?.name).toBe('decoder.norm_out.bias');
    expect(plainKeys(plain)).toEqual(plain);
    expect(detect(plain)).toEqual(detect(index));
    expect(() => check(plain)).not.toThrow();
  });

  it.each([
    'encoder.down.2.block.1.nin_shortcut.conv.bias',
    'encoder.down.3.downsample.conv.conv.weight',
    'decoder.mid.block_2.norm1.norm.bias',
    'decoder.up.4.block.2.conv2.conv.weight',
  ])('are refused without %s', (key) => {
    const index = strippedCheckpoint('bsq_d32');
    if (!index.entries.delete(key)) index.entries.delete(key.replace('block.1.nin', 'block.0.nin'));
    expect(() => check(index)).toThrow(/lacks/);
  });

  it('are refused with a key that nothing knows, or a layer in both spellings', () => {
    const index = strippedCheckpoint('bsq_d32');
    const bias = index.entries.get('encoder.conv_in.conv.bias')!;
    index.entries.set('quantizer.project_in.weight', { ...bias, name: 'quantizer.project_in.weight' });
    expect(() => check(index)).toThrow("unknown tensor 'quantizer.project_in.weight'");
    index.entries.delete('quantizer.project_in.weight');
    index.entries.set('encoder.conv_in.bias', { ...bias, name: 'encoder.conv_in.bias' });
    expect(() => check(index)).toThrow("unknown tensor 'encoder.conv_in.conv.bias'");
  });
});

it.each(['kl16', 'var_vae', 'vq_ds16', 'var_d16', 'flan_t5_xl_1'])('%s is none', (file) => {
  expect(detectBsqConfig(strippedCheckpoint(file))).toBeUndefined();
});
