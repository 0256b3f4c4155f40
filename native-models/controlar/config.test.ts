import { describe, expect, it } from 'vitest';
import { misshape, strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { identify } from '../registry.ts';
import { detectConfig } from './config.ts';
import { pixelsOfName } from './picture-size.ts';

const C2I = { kind: 'class', classes: 1000 };
const T2I = { kind: 'text', tokens: 120, channels: 2048 };
const XL = { layers: 36, width: 1280, heads: 20, hidden: 3584 };

const PUBLISHED = [
  ['llamagen_c2i_B', { layers: 12, width: 768, heads: 12, hidden: 2048 }, C2I, undefined],
  ['llamagen_c2i_L', { layers: 24, width: 1024, heads: 16, hidden: 2816 }, C2I, undefined],
  ['llamagen_c2i_XL', XL, C2I, undefined],
  ['llamagen_c2i_XXL', { layers: 48, width: 1536, heads: 24, hidden: 4096 }, C2I, undefined],
  ['llamagen_c2i_3B', { layers: 24, width: 3200, heads: 32, hidden: 8704 }, C2I, undefined],
  ['llamagen_t2i_XL', XL, T2I, undefined],
  ['controlar_canny_MR', XL, T2I, { channels: 384, grid: 48, anySize: true }],
  ['controlar_hed', XL, T2I, { channels: 384, grid: 32, anySize: false }],
  ['controlar_edge_base', XL, T2I, { channels: 768, grid: 32, anySize: false }],
] as const;

describe('published transformers', () => {
  it.each(PUBLISHED)(
    '%s is read from its shapes, and every key is accounted for',
    (name, sizes, conditioning, control) => {
      const index = strippedCheckpoint(name);
      expect(detectConfig(index)).toEqual({ ...sizes, vocabulary: 16_384, conditioning, control });
      expect(identify(index)).toMatchObject({ family: 'controlar', role: 'transformer' });
    },
  );

  it.each([
    'layers.3.attention.wo.weight',
    'adapter.model.encoder.layer.5.mlp.fc1.bias',
    'condition_layers.1.fc2.weight',
  ])('are damaged without %s, and with another shape of it', (key) => {
    const without = strippedCheckpoint('controlar_hed');
    without.entries.delete(key);
    expect(() => identify(without)).toThrow(`lacks '${key}'`);
    const misshapen = strippedCheckpoint('controlar_hed');
    misshape(misshapen, key, [3, 5]);
    expect(() => identify(misshapen)).toThrow(`has '${key}' as (3, 5)`);
  });

  it('are damaged with a key that nobody knows', () => {
    const index = strippedCheckpoint('llamagen_c2i_B');
    index.entries.set('layers.0.surprise', { ...index.entries.get('norm.weight')!, name: 'layers.0.surprise' });
    expect(() => identify(index)).toThrow("unknown tensor 'layers.0.surprise'");
  });
});

it.each([
  ['vq_ds16', 'controlar', 'tokenizer', 'VQ-16'],
  ['vq_ds8', 'controlar', 'tokenizer', 'VQ-8'],
  ['flan_t5_xl_1', 't5', 'text-encoder', '24 layers of 2048'],
])('%s is recognised', (name, family, role, title) => {
  expect(identify(strippedCheckpoint(name))).toMatchObject({ family, role, title: expect.stringContaining(title) });
});

it.each([
  ['/m/c2i_B_256.pt', 256],
  ['/m/c2i_XXL_384.pt', 384],
  ['C:\\m_512\\t2i_XL_stage2_512.pt', 512],
  ['/m_512/mine.pt', 256],
])('the name of %s says %i pixels', (file, pixels) => {
  expect(pixelsOfName(file)).toBe(pixels);
});
