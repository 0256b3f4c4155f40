import { describe, expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectFlowArConfig } from './config.ts';

const PUBLISHED = [
  {
    file: 'flowar_small',
    config: { encoderBlocks: 6, decoderBlocks: 6, width: 768, heads: 12, mlpWidth: 2048 },
    flow: { blocks: 2, width: 1024, heads: 16, mlpWidth: 2730, crossAttention: false },
  },
  {
    file: 'flowar_large',
    config: { encoderBlocks: 8, decoderBlocks: 8, width: 1024, heads: 16, mlpWidth: 2730 },
    flow: { blocks: 12, width: 1024, heads: 16, mlpWidth: 2730, crossAttention: true },
  },
  {
    file: 'flowar_huge',
    config: { encoderBlocks: 15, decoderBlocks: 15, width: 1536, heads: 16, mlpWidth: 4096 },
    flow: { blocks: 12, width: 1536, heads: 24, mlpWidth: 4096, crossAttention: true },
  },
];

describe('detectFlowArConfig', () => {
  it.each(PUBLISHED)('reads $file', ({ file, config, flow }) => {
    const common = { positions: 341, classes: 1000, channels: 16, sides: [1, 2, 4, 8, 16] };
    expect(detectFlowArConfig(strippedCheckpoint(file))).toEqual({ ...config, ...common, flow });
  });

  it.each(['class_emb.weight', 'z_proj.weight', 'encoder_pos_embed_learned', 'flownet.input_proj.weight'])(
    'is nothing without %s',
    (key) => {
      const index = strippedCheckpoint('flowar_small');
      index.entries.delete(key);
      expect(detectFlowArConfig(index)).toBeUndefined();
    },
  );

  it.each(['xar_base', 'kl16', 'var_d16', 'var_vae'])('is nothing for %s', (file) => {
    expect(detectFlowArConfig(strippedCheckpoint(file))).toBeUndefined();
  });
});
