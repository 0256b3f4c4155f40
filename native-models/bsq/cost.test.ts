import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { squareGrid } from '../autoencoder/token-grid.ts';
import { type BsqConfig, detectBsqConfig } from './config.ts';
import { decodeWork } from './cost.ts';
import { plainKeys } from './plain-keys.ts';

const work = (file: string, side: number) => {
  const index = plainKeys(strippedCheckpoint(file));
  return decodeWork({ index, config: detectBsqConfig(index) as BsqConfig }, squareGrid(side));
};

// The kernels of all `nn.Conv2d` of the authors' decoder times the pixels that they give, run on PyTorch's meta device.
it.each([
  ['bsq_d32', 32, 1_231_028_224_000],
  ['bsq_d32', 64, 4_924_112_896_000],
  ['bsq_d14_patchify', 64, 4_943_893_233_664],
])('counts the products of %s at %d tokens a side', (file, side, products) => {
  expect(work(file, side)).toBe(products);
});
