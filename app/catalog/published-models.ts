/**
 * The catalogue: every published checkpoint of the families that Underpaint knows or will know. What the registry does
 * not know yet is not offered.
 *
 * Sizes of VAR's files are those of their tensors; those of FlowAR and the KL-16 autoencoder are as their hosts show
 * them; those of xAR are computed from the authors' code. Parameters are counted in the authors' modules.
 */
import { onHub } from './on-hub.ts';
import type { License, PublishedFile, PublishedModel } from './published-model.ts';
import { TOKEN_BY_TOKEN } from './token-by-token-models.ts';

const VAR_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://huggingface.co/FoundationVision/var' };
const KL_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://github.com/LTH14/mar' };
const FLOWAR_LICENSE: License = { id: 'Apache-2.0', kind: 'free', url: 'https://huggingface.co/OliverRen/FlowAR' };
const XAR_LICENSE: License = { id: null, kind: 'none', url: 'https://huggingface.co/OliverRen/xAR' };

/** Serves all sizes and both resolutions of VAR. */
const VAR_TOKENIZER = onHub('tokenizer', 'FoundationVision/var', 'vae_ch160v4096z32.pth', 435_957_260, VAR_LICENSE);

/** MAR's autoencoder, which FlowAR and xAR use too; the address is that of MAR's util/download.py. */
const KL_16: PublishedFile = {
  role: 'tokenizer',
  name: 'kl16.ckpt',
  size: 266_000_000,
  at: { url: 'https://www.dropbox.com/scl/fi/hhmuvaiacrarfg28qxhwz/kl16.ckpt?rlkey=l44xipsezc8atcffdp4q7mwmh&dl=1' },
  license: KL_LICENSE,
};

/** Sources: https://huggingface.co/FoundationVision/var; arXiv:2404.02905. */
const VAR: readonly PublishedModel[] = (
  [
    [16, 256, 310_283_520, 1_243_054_656, 0.95],
    [20, 256, 600_917_136, 2_405_625_984, 1.5],
    [24, 256, 1_033_399_360, 4_135_599_936, 2.3],
    [30, 256, 2_010_020_356, 8_042_166_864, 4.1],
    [36, 512, 2_353_893_904, 9_435_995_712, 24],
  ] as const
).map(([depth, side, parameters, size, teraflops]) => ({
  id: `var_d${depth}`,
  name: `VAR-d${depth}`,
  family: 'var',
  subject: 'imagenet',
  width: side,
  height: side,
  parameters,
  files: [onHub('transformer', 'FoundationVision/var', `var_d${depth}.pth`, size, VAR_LICENSE), VAR_TOKENIZER],
  teraflops,
  about: 'https://arxiv.org/abs/2404.02905',
}));

/** Sources: https://huggingface.co/OliverRen/FlowAR; arXiv:2412.15205. */
const FLOWAR: readonly PublishedModel[] = (
  [
    ['S', 171_718_072, 687_000_000, 1.7],
    ['L', 586_862_912, 2_350_000_000, 7.5],
    ['H', 1_913_316_880, 7_650_000_000, 29],
  ] as const
).map(([letter, parameters, size, teraflops]) => ({
  id: `FlowAR-${letter}`,
  name: `FlowAR-${letter}`,
  family: 'flowar',
  subject: 'imagenet',
  width: 256,
  height: 256,
  parameters,
  files: [onHub('transformer', 'OliverRen/FlowAR', `FlowAR-${letter}.pth`, size, FLOWAR_LICENSE), KL_16],
  teraflops,
  about: 'https://arxiv.org/abs/2412.15205',
}));

/** Sources: https://huggingface.co/OliverRen/xAR; arXiv:2502.20388. */
const XAR: readonly PublishedModel[] = (
  [
    ['B', 172_600_000, 690_000_000, 4.9],
    ['L', 608_000_000, 2_440_000_000, 21],
    ['H', 1_186_000_000, 4_750_000_000, 41],
  ] as const
).map(([letter, parameters, size, teraflops]) => ({
  id: `xAR-${letter}`,
  name: `xAR-${letter}`,
  family: 'xar',
  subject: 'imagenet',
  width: 256,
  height: 256,
  parameters,
  files: [onHub('transformer', 'OliverRen/xAR', `xAR-${letter}.pth`, size, XAR_LICENSE), KL_16],
  teraflops,
  about: 'https://arxiv.org/abs/2502.20388',
}));

export const PUBLISHED_MODELS: readonly PublishedModel[] = [...VAR, ...FLOWAR, ...XAR, ...TOKEN_BY_TOKEN];
