import { describe, expect, it } from 'vitest';
import { PRECISIONS } from '../../app/contracts/engine-api.ts';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { totalNeed } from '../memory.ts';
import { detectVqConfig, type VqConfig } from '../vq/config.ts';
import { scalePyramid } from '../vq/scales.ts';
import { detectVarConfig, patchNums, type VarConfig } from './config.ts';
import { type ModelShapes, memoryNeed, memoryOfVar, picturesAtOnce } from './memory.ts';

const GIGABYTE = 1e9;

function shapes(depth: number): ModelShapes {
  const config = detectVarConfig(strippedCheckpoint(`var_d${depth}`)) as VarConfig;
  const tokenizer = detectVqConfig(strippedCheckpoint('var_vae')) as VqConfig;
  return { config, tokenizer, pyramid: scalePyramid(patchNums(config, [])) };
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
    for (const precision of ['int8', 'int4'] as const) {
      expect(totalNeed(memoryNeed(shapes(36), precision))).toBeLessThan(12 * GIGABYTE);
    }
  });
});

it('says which smaller model of the family would fit, if any', () => {
  expect(memoryOfVar(shapes(36)).smaller(2.5 * GIGABYTE)).toMatch(/^VAR-d\d\d as \w+ would fit\.$/);
  expect(memoryOfVar(shapes(36)).smaller(0.3 * GIGABYTE)).toBeUndefined();
  expect(memoryOfVar(shapes(16)).smaller(100 * GIGABYTE)).toBeUndefined();
});

it('says how many pictures fit at once, one at least', () => {
  const need = { fixed: 10, perPicture: 3 };
  expect([5, 13, 19, 1000].map((available) => picturesAtOnce(need, available, 16))).toEqual([1, 1, 3, 16]);
});
