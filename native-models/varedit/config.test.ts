import { describe, expect, it } from 'vitest';
import { misshape, strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { identify } from '../registry.ts';
import { detectConfig } from './config.ts';
import { taskOfName } from './task.ts';

const TEXT = { channels: 2048, tokens: 512, poolHeads: 16 };

describe('published transformers', () => {
  it.each([
    [
      'infinity_2b',
      { depth: 32, blocksPerChunk: 4, width: 2048, heads: 16, hidden: 8192, bits: 32, levels: 15, text: TEXT },
      'Infinity-2B, 2205 M parameters transformer',
    ],
    [
      'infinity_8b',
      { depth: 40, blocksPerChunk: 5, width: 3584, heads: 28, hidden: 14_336, bits: 56, levels: 15, text: TEXT },
      'Infinity-8B, 8376 M parameters transformer',
    ],
  ])('%s is read from its shapes, and every key is accounted for', (name, config, title) => {
    const index = strippedCheckpoint(name);
    expect(detectConfig(index)).toEqual(config);
    expect(identify(index)).toMatchObject({ family: 'varedit', role: 'transformer', title });
  });

  it('is VAREdit by its file’s name alone', () => {
    const index = { ...strippedCheckpoint('infinity_8b'), file: '/models/8B-512.pth' };
    expect(identify(index).title).toBe('VAREdit-8B, 8376 M parameters transformer');
  });

  it.each([
    'block_chunks.3.module.1.ca.v_bias',
    'text_proj_for_sos.ca.proj.bias',
    'block_chunks.7.module.3.ffn.fc2.weight',
  ])('are damaged without %s, and with another shape of it', (key) => {
    const without = strippedCheckpoint('infinity_2b');
    without.entries.delete(key);
    expect(() => identify(without)).toThrow(`lacks '${key}'`);
    const misshapen = strippedCheckpoint('infinity_2b');
    misshape(misshapen, key, [3]);
    expect(() => identify(misshapen)).toThrow(`has '${key}' as (3)`);
  });

  it('have no key that is not known', () => {
    const index = strippedCheckpoint('infinity_2b');
    index.entries.set('norm0_ve.weight', index.entries.get('pos_start')!);
    expect(() => identify(index)).toThrow("has an unknown tensor 'norm0_ve.weight'");
  });
});

describe('taskOfName', () => {
  it.each([
    ['/m/infinity_2b_reg.pth', false, 13],
    ['C:\\m\\infinity_8b_512x512_weights.safetensors', false, 10],
    ['/m/8B-512.pth', true, 10],
    ['/m/8B-1024.pth', true, 13],
    ['/m/2B-512.pth', true, 10],
    ['/m/VAREdit_2b_512.safetensors', true, 10],
    ['/varedit/infinity_2b_reg.pth', false, 13],
  ])('%s', (file, edits, scales) => {
    expect(taskOfName(file)).toEqual({ edits, scales });
  });
});
