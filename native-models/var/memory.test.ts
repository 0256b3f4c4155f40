import { describe, expect, it } from 'vitest';
import { PRECISIONS } from '../../app/contracts/engine-api.ts';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectVqConfig, type VqConfig } from '../vq/config.ts';
import { scalePyramid } from '../vq/scales.ts';
import { detectVarConfig, patchNums, type VarConfig } from './config.ts';
import { checkMemory, type ModelShapes, memoryNeed, picturesAtOnce } from './memory.ts';

const GIGABYTE = 1e9;

function shapes(depth: number): ModelShapes {
  const config = detectVarConfig(strippedCheckpoint(`var_d${depth}`)) as VarConfig;
  const tokenizer = detectVqConfig(strippedCheckpoint('var_vae')) as VqConfig;
  return { config, tokenizer, pyramid: scalePyramid(patchNums(config, [])) };
}

function refusal(depth: number, precision: (typeof PRECISIONS)[number], gigabytes: number): unknown {
  try {
    checkMemory('The model', shapes(depth), precision, gigabytes * GIGABYTE);
    return 'fits';
  } catch (error) {
    return error;
  }
}

describe('the memory that a model needs', () => {
  it('falls with fewer bits, and grows with depth', () => {
    const fixed = [16, 20, 24, 30, 36].map((depth) =>
      PRECISIONS.map((precision) => memoryNeed(shapes(depth), precision).fixed),
    );
    for (const needs of fixed) expect(needs).toEqual(needs.toSorted((a, b) => b - a));
    for (const i of PRECISIONS.keys()) {
      const needs = fixed.map((row) => row[i] as number);
      expect(needs).toEqual(needs.toSorted((a, b) => a - b));
    }
  });

  it('of the largest model fits 16 GB in 8 and in 4 bits', () => {
    for (const precision of ['int8', 'int4'] as const) expect(refusal(36, precision, 12)).toBe('fits');
  });
});

describe('a model that does not fit', () => {
  it('is told which precision would', () => {
    expect(refusal(30, 'fp32', 6)).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('6.0 GB are free'),
      hint: expect.stringContaining('--precision int8'),
    });
  });

  it('is told which model would', () => {
    expect(refusal(36, 'fp32', 2.5)).toMatchObject({ hint: expect.stringMatching(/VAR-d\d\d at --precision/) });
  });

  it('is told that there is too little', () => {
    expect(refusal(16, 'int4', 0.3)).toMatchObject({ hint: expect.stringContaining('Close other programs') });
  });
});

it('says how many pictures fit at once, one at least', () => {
  const need = { fixed: 10, perPicture: 3 };
  expect([5, 13, 19, 1000].map((available) => picturesAtOnce(need, available, 16))).toEqual([1, 1, 3, 16]);
});
