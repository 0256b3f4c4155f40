import { describe, expect, it } from 'vitest';
import { misshape, strippedCheckpoint } from '../test/support/stripped-checkpoint.ts';
import { identify, identifyModel } from './registry.ts';

const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('identify', () => {
  it.each([
    ['var_d16', 'var', 'transformer', 'VAR transformer, depth 16'],
    ['var_vae', 'var', 'tokenizer', 'multi-scale VQVAE'],
    ['flowar_small', 'flowar', 'transformer', 'FlowAR-S transformer, 341 tokens, 172 M parameters'],
    ['flowar_large', 'flowar', 'transformer', 'FlowAR-L transformer, 341 tokens, 587 M parameters'],
    ['flowar_huge', 'flowar', 'transformer', 'FlowAR-H transformer, 341 tokens, 1913 M parameters'],
    ['xar_base', 'xar', 'transformer', 'xAR-B transformer, 256 tokens, 173 M parameters'],
    ['xar_large', 'xar', 'transformer', 'xAR-L transformer, 256 tokens, 608 M parameters'],
    ['xar_huge', 'xar', 'transformer', 'xAR-H transformer, 256 tokens, 1186 M parameters'],
    ['kl16', 'kl', 'tokenizer', 'KL autoencoder, 16 channels, 128 base channels'],
    ['bsq_d32', 'bsq', 'tokenizer', 'bitwise tokenizer, 32 bits a token, 128 base channels'],
    ['bsq_d14_patchify', 'bsq', 'tokenizer', 'bitwise tokenizer, 56 bits a token, 128 base channels'],
  ])('knows %s', (file, family, role, title) => {
    expect(identify(strippedCheckpoint(file))).toMatchObject({ family, role, title: expect.stringContaining(title) });
  });

  it('says what it reads when it does not know a file', () => {
    const index = { file: '/a.pth', entries: new Map() };
    expect(() => identify(index)).toThrow(
      expect.objectContaining({ code: 'not-a-model', hint: expect.stringMatching(/VAR.*FlowAR.*xAR.*kl16\.ckpt/) }),
    );
  });
});

describe('identifyModel', () => {
  const model = (...files: string[]) => identifyModel(files.map(strippedCheckpoint));

  it.each([
    ['var', ['var_d16', 'var_vae']],
    ['flowar', ['kl16', 'flowar_large']],
    ['xar', ['xar_huge', 'kl16']],
    ['kl', ['kl16']],
    ['bsq', ['bsq_d32']],
    ['flowar', ['flowar_small']],
  ])('%s is %j', (family, files) => {
    expect(model(...files).family.id).toBe(family);
  });

  it.each([
    [['var_d16', 'kl16'], '/models/kl16.pth (KL autoencoder, 16 channels, 128 base channels) belongs to another kind'],
    [['flowar_small', 'var_vae'], '/models/var_vae.pth (multi-scale VQVAE'],
    [['flowar_small', 'xar_base', 'kl16'], '/models/xar_base.pth (xAR-B'],
    [['flowar_small', 'flowar_large', 'kl16'], 'There are 2 transformers'],
    [['xar_base', 'kl16', 'kl16'], 'There are 2 tokenizers'],
  ])('refuses %j', (files, message) => {
    expect(() => model(...files)).toThrow(failure('mismatched-files', message));
  });

  it('refuses an autoencoder of other channels', () => {
    const kl = strippedCheckpoint('kl16');
    misshape(kl, 'quant_conv.weight', [8, 8, 1, 1]);
    misshape(kl, 'post_quant_conv.weight', [4, 4, 1, 1]);
    const message = 'paints latents of 16 channels, the autoencoder has 4';
    expect(() => identifyModel([strippedCheckpoint('flowar_small'), kl])).toThrow(failure('mismatched-files', message));
  });
});
