/**
 * The catalogue: every published checkpoint of the families that Underpaint knows or will know. What the registry does
 * not know yet is not offered.
 *
 * Sizes of VAR's files are those of their tensors; those of FlowAR and the KL-16 autoencoder are as their hosts show
 * them; those of xAR are computed from the authors' code. Parameters are counted in the authors' modules.
 */
import type { License, PublishedFile, PublishedModel } from './published-model.ts';

const VAR_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://huggingface.co/FoundationVision/var' };
const KL_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://github.com/LTH14/mar' };
const FLOWAR_LICENSE: License = { id: 'Apache-2.0', kind: 'free', url: 'https://huggingface.co/OliverRen/FlowAR' };
const XAR_LICENSE: License = { id: null, kind: 'none', url: 'https://huggingface.co/OliverRen/xAR' };

/** Serves all sizes and both resolutions of VAR. */
const VAR_TOKENIZER: PublishedFile = {
  role: 'tokenizer',
  name: 'vae_ch160v4096z32.pth',
  size: 435_957_260,
  at: { repo: 'FoundationVision/var', path: 'vae_ch160v4096z32.pth' },
  license: VAR_LICENSE,
};

/** MAR's autoencoder, which FlowAR and xAR use too; the address is that of MAR's util/download.py. */
const KL_16: PublishedFile = {
  role: 'tokenizer',
  name: 'kl16.ckpt',
  size: 266_000_000,
  at: { url: 'https://www.dropbox.com/scl/fi/hhmuvaiacrarfg28qxhwz/kl16.ckpt?rlkey=l44xipsezc8atcffdp4q7mwmh&dl=1' },
  license: KL_LICENSE,
};

const LLAMAGEN_REPO = 'FoundationVision/LlamaGen';
const LLAMAGEN_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://github.com/FoundationVision/LlamaGen' };

const VQ_16: PublishedFile = {
  role: 'tokenizer',
  name: 'vq_ds16_c2i.pt',
  size: 288_000_000,
  at: { repo: LLAMAGEN_REPO, path: 'vq_ds16_c2i.pt' },
  license: LLAMAGEN_LICENSE,
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
  files: [onHub('FoundationVision/var', `var_d${depth}.pth`, size, VAR_LICENSE), VAR_TOKENIZER],
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
  files: [onHub('OliverRen/FlowAR', `FlowAR-${letter}.pth`, size, FLOWAR_LICENSE), KL_16],
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
  files: [onHub('OliverRen/xAR', `xAR-${letter}.pth`, size, XAR_LICENSE), KL_16],
  teraflops,
  about: 'https://arxiv.org/abs/2502.20388',
}));

/**
 * Sources: https://huggingface.co/FoundationVision/LlamaGen; arXiv:2406.06525. Sizes are computed from the parameters; the
 * licence is that of the authors' repository.
 */
const LLAMAGEN: readonly PublishedModel[] = (
  [
    ['B', 256, 110_900_000],
    ['B', 384, 110_900_000],
    ['L', 256, 342_900_000],
    ['L', 384, 342_900_000],
    ['XL', 384, 774_700_000],
    ['XXL', 384, 1_411_000_000],
    ['3B', 384, 3_097_000_000],
  ] as const
).map(([letter, side, parameters]) => ({
  id: `c2i_${letter}_${side}`,
  name: `LlamaGen-${letter}, ${side}`,
  family: 'controlar',
  subject: 'imagenet',
  width: side,
  height: side,
  parameters,
  files: [onHub(LLAMAGEN_REPO, `c2i_${letter}_${side}.pt`, parameters * 4, LLAMAGEN_LICENSE), VQ_16],
  teraflops: null,
  about: 'https://arxiv.org/abs/2406.06525',
}));

export const PUBLISHED_MODELS: readonly PublishedModel[] = [...VAR, ...FLOWAR, ...XAR, ...LLAMAGEN];

function onHub(repo: string, path: string, size: number, license: License): PublishedFile {
  return { role: 'transformer', name: path, size, at: { repo, path }, license };
}
