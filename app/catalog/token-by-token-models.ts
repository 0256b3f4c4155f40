/**
 * The catalogue's models that draw token by token: LlamaGen from classes and from words, and ControlAR.
 *
 * Sources: https://huggingface.co/FoundationVision/LlamaGen, https://huggingface.co/peizesun/llamagen_t2i, arXiv:2406.06525;
 * https://huggingface.co/wondervictor/ControlAR, arXiv:2410.02705; https://huggingface.co/google/flan-t5-xl. Sizes of ControlAR's
 * files and of flan-t5-xl are as the hub shows them, those of LlamaGen are computed from the parameters.
 */
import { onHub } from './on-hub.ts';
import type { License, PublishedFile, PublishedModel } from './published-model.ts';

const LLAMAGEN_REPO = 'FoundationVision/LlamaGen';
const WORDS_REPO = 'peizesun/llamagen_t2i';
const CONTROL_REPO = 'wondervictor/ControlAR';
const T5_REPO = 'google/flan-t5-xl';
const LLAMAGEN_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://huggingface.co/FoundationVision/LlamaGen' };
const WORDS_LICENSE: License = { id: 'MIT', kind: 'free', url: 'https://huggingface.co/peizesun/llamagen_t2i' };
const CONTROL_LICENSE: License = {
  id: 'Apache-2.0',
  kind: 'free',
  url: 'https://huggingface.co/wondervictor/ControlAR',
};
const T5_LICENSE: License = { id: 'Apache-2.0', kind: 'free', url: 'https://huggingface.co/google/flan-t5-xl' };

const VQ_OF_CLASSES = onHub('tokenizer', LLAMAGEN_REPO, 'vq_ds16_c2i.pt', 288_000_000, LLAMAGEN_LICENSE);
const VQ_OF_WORDS = onHub('tokenizer', WORDS_REPO, 'vq_ds16_t2i.pt', 288_000_000, WORDS_LICENSE);
/** Its first file holds all of the encoder. */
const T5: readonly PublishedFile[] = [
  onHub('text-encoder', T5_REPO, 'model-00001-of-00002.safetensors', 9_450_000_000, T5_LICENSE),
  onHub('text-tokenizer', T5_REPO, 'tokenizer.json', 2_420_000, T5_LICENSE),
];

/** Pixels of a side of a token. */
const DOWNSAMPLING = 16;
const CODES = 16_384;
const WIDTH_XL = 1280;
/** Multiply-adds of the decoder for a token. */
const DECODER_WORK = 490e6;
/** Reading a weight for a token takes as long as so many multiply-adds of a convolution do, measured on the CPU. */
const WORK_PER_WEIGHT = 27;

/** @param width of the transformer: the table of codes, of which a token reads one row, counts for nothing */
function teraflops(parameters: number, width: number, side: number): number {
  const tokens = (side / DOWNSAMPLING) ** 2;
  const read = parameters - CODES * width;
  return (2 * tokens * (read * WORK_PER_WEIGHT + DECODER_WORK)) / 1e12;
}

const FROM_CLASSES: readonly PublishedModel[] = (
  [
    ['B', 256, 110_900_000, 768],
    ['B', 384, 110_900_000, 768],
    ['L', 256, 342_900_000, 1024],
    ['L', 384, 342_900_000, 1024],
    ['XL', 384, 774_700_000, WIDTH_XL],
    ['XXL', 384, 1_411_000_000, 1536],
    ['3B', 384, 3_097_000_000, 3200],
  ] as const
).map(([letter, side, parameters, width]) => ({
  id: `c2i_${letter}_${side}`,
  name: `LlamaGen-${letter}, ${side}`,
  family: 'controlar',
  subject: 'imagenet',
  width: side,
  height: side,
  parameters,
  files: [
    onHub('transformer', LLAMAGEN_REPO, `c2i_${letter}_${side}.pt`, parameters * 4, LLAMAGEN_LICENSE),
    VQ_OF_CLASSES,
  ],
  teraflops: teraflops(parameters, width, side),
  about: 'https://arxiv.org/abs/2406.06525',
}));

const WORDS_PARAMETERS = 777_900_000;

const FROM_WORDS: readonly PublishedModel[] = (
  [
    ['stage1', 256],
    ['stage2', 512],
  ] as const
).map(([stage, side]) => ({
  id: `t2i_XL_${stage}_${side}`,
  name: `LlamaGen-XL from words, ${side}`,
  family: 'controlar',
  subject: 'words',
  width: side,
  height: side,
  parameters: WORDS_PARAMETERS,
  files: [
    onHub('transformer', WORDS_REPO, `t2i_XL_${stage}_${side}.pt`, WORDS_PARAMETERS * 4, WORDS_LICENSE),
    VQ_OF_WORDS,
    ...T5,
  ],
  teraflops: teraflops(WORDS_PARAMETERS, WIDTH_XL, side),
  about: 'https://arxiv.org/abs/2406.06525',
}));

/** The transformer alone counts for the time: the encoder of the map runs once. */
const OVER_MAPS: readonly PublishedModel[] = (
  [
    ['canny_MR', 'edges, any size', 836_000_000, 3_360_000_000],
    ['depth_MR', 'depth, any size', 836_000_000, 3_360_000_000],
    ['hed', 'soft edges', 836_000_000, 3_350_000_000],
    ['seg_cocostuff', 'segments', 836_000_000, 3_350_000_000],
    ['edge_base', 'edges, soft edges, line art', 901_000_000, 3_580_000_000],
    ['depth_base', 'depth', 901_000_000, 3_580_000_000],
  ] as const
).map(([file, map, parameters, size]) => ({
  id: `ControlAR_${file}`,
  name: `ControlAR, ${map}`,
  family: 'controlar',
  subject: 'map',
  width: 512,
  height: 512,
  parameters,
  files: [onHub('transformer', CONTROL_REPO, `${file}.safetensors`, size, CONTROL_LICENSE), VQ_OF_WORDS, ...T5],
  teraflops: teraflops(WORDS_PARAMETERS, WIDTH_XL, 512),
  about: 'https://arxiv.org/abs/2410.02705',
}));

export const TOKEN_BY_TOKEN: readonly PublishedModel[] = [...FROM_CLASSES, ...FROM_WORDS, ...OVER_MAPS];
