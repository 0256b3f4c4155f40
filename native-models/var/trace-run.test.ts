import { describe, expect, it } from 'vitest';
import { parseTraceRun } from './trace-run.ts';

const limits = { vocabulary: 4096 };
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

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
