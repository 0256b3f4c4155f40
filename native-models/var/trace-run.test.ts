import { describe, expect, it } from 'vitest';
import type { NamedArray } from '../pipeline.ts';
import { checkForced, forcedFloats, forcedIntegers, parseTraceRun } from './trace-run.ts';

const limits = { vocabulary: 4096 };
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const floats = (...values: number[]): NamedArray => ({
  type: 'f32',
  shape: [values.length],
  data: Float32Array.from(values),
});

describe('parseTraceRun', () => {
  it('takes defaults for what is left out', () => {
    expect(parseTraceRun({}, limits)).toEqual({
      label: undefined,
      cfg: 4,
      topK: 900,
      topP: 0.95,
      moreSmooth: false,
      seed: 0,
      box: undefined,
      inpainting: true,
    });
  });

  it('reads every key', () => {
    const run = { label: -1, cfg: 1.5, top_k: 0, top_p: 1, more_smooth: true, g_seed: 2 ** 32 - 1, B: 1 };
    const edit = { box_y0x0y1x1: [0.1, 0, 0.8, 1], inpainting: false };
    expect(parseTraceRun({ ...run, ...edit }, limits)).toEqual({
      label: -1,
      cfg: 1.5,
      topK: 0,
      topP: 1,
      moreSmooth: true,
      seed: 2 ** 32 - 1,
      box: [0.1, 0, 0.8, 1],
      inpainting: false,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ topk: 1 }, "unknown key 'topk'"],
    [{ B: 2 }, 'B must be 1'],
    [{ label: 1.5 }, 'label of the run must be a whole number'],
    [{ label: '3' }, 'label of the run must be a number'],
    [{ cfg: Number.NaN }, 'cfg of the run must be a number from 0 to 100'],
    [{ top_k: 4097 }, 'top_k of the run'],
    [{ top_p: -0.1 }, 'top_p of the run'],
    [{ g_seed: 2 ** 32 }, 'g_seed of the run'],
    [{ more_smooth: 1 }, 'more_smooth of the run must be true or false'],
    [{ inpainting: null }, 'inpainting of the run'],
    [{ box_y0x0y1x1: [0, 0, 1] }, 'four numbers from 0 to 1'],
    [{ box_y0x0y1x1: [0, 0, 1, 1.1] }, 'four numbers from 0 to 1'],
    [{ box_y0x0y1x1: [0, 0, 1, Number.NaN] }, 'four numbers from 0 to 1'],
    [{ box_y0x0y1x1: ['0', 0, 1, 1] }, 'four numbers from 0 to 1'],
  ])('refuses %j', (run, message) => {
    expect(() => parseTraceRun(run, limits)).toThrow(failure('bad-request', message));
  });
});

describe('checkForced', () => {
  it('takes inputs, and passes over recorded results', () => {
    expect(() =>
      checkForced(
        new Map([
          ['gumbel', floats(1)],
          ['f_hat', floats(2)],
        ]),
      ),
    ).not.toThrow();
  });

  it('refuses what nothing knows', () => {
    expect(() => checkForced(new Map([['token', floats(1)]]))).toThrow(
      failure('bad-request', "unknown tensor 'token'"),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d and says where it is', (bad) => {
    const forced = new Map([['tau', floats(1, 2, bad)]]);
    expect(() => checkForced(forced)).toThrow(failure('not-finite', `'tau' holds ${bad} at element 2.`));
  });
});

describe('forced tensors', () => {
  const tokens: NamedArray = { type: 'i64', shape: [2], data: BigInt64Array.of(5n, 7n) };
  const forced = new Map<string, NamedArray>([
    ['tokens', tokens],
    ['tau', floats(0.5, 0.25)],
  ]);

  it('are read as numbers', () => {
    expect(forcedIntegers(forced, 'tokens', 2)).toEqual(Int32Array.of(5, 7));
    expect(forcedFloats(forced, 'tau', 2)).toEqual(Float64Array.of(0.5, 0.25));
    expect(forcedIntegers(forced, 'label', 1)).toBeUndefined();
    expect(forcedFloats(forced, 'gumbel', 1)).toBeUndefined();
  });

  it.each([
    ['whole numbers of another length', () => forcedIntegers(forced, 'tokens', 3), "'tokens' must be whole numbers, 3"],
    ['floats for whole numbers', () => forcedIntegers(forced, 'tau', 2), 'but is f32 of shape (2)'],
    ['floats of another length', () => forcedFloats(forced, 'tau', 3), "'tau' must be 3 floating-point numbers"],
    ['whole numbers for floats', () => forcedFloats(forced, 'tokens', 2), 'but is i64 of shape (2)'],
  ])('are refused: %s', (_, read, message) => {
    expect(read).toThrow(failure('bad-request', message));
  });
});
