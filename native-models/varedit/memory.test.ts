import { expect, it } from 'vitest';
import type { Precision } from '../../app/contracts/engine-api.ts';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { SHAPES, scheduleOf } from '../bsq/schedules.ts';
import { detectT5Config } from '../text/config.ts';
import { detectConfig } from './config.ts';
import { checkMemory, type ModelShapes, memoryNeed, peakOf } from './memory.ts';

function shapes(name: string, edits: boolean): ModelShapes & { title: string } {
  const index = strippedCheckpoint(name);
  const text = strippedCheckpoint('flan_t5_xl_1');
  return {
    title: name,
    transformer: { index, config: detectConfig(index)! },
    tokenizer: { index, config: { latentChannels: 14, levels: 4, baseChannels: 128, patch: 2 } as never },
    textEncoder: { index: text, config: detectT5Config(text)! },
    task: { edits, scales: 10 },
  };
}
const need = (model: ModelShapes, scales: number, precision: Precision) =>
  memoryNeed(model, scheduleOf(SHAPES[0]!, scales), precision);

it('counts weights and caches of the published models', () => {
  const edit = need(shapes('infinity_8b', true), 10, 'int4');
  // 40 blocks of 2 · 3584 numbers for 1497 tokens before the last scale and 1024 of the source, two rows of float32.
  expect(edit.cache).toBe(4 * 2 * 2 * 3584 * 40 * (1497 + 1024));
  expect(edit.fixed / 1e9).toBeCloseTo(6.9, 0);
  expect(need(shapes('infinity_2b', false), 13, 'fp32').fixed / 1e9).toBeCloseTo(9.2, 1);
});

it('has 8B edits of 512×512 within 16 GB in 4 bits', () => {
  expect(peakOf(need(shapes('infinity_8b', true), 10, 'int4'))).toBeLessThan(16e9);
});

it('says what would fit instead', () => {
  const model = shapes('infinity_8b', true);
  const check = (available: number) =>
    checkMemory(model, scheduleOf(SHAPES[0]!, 10), { precision: 'fp32', availableMemory: () => available });
  expect(() => check(64e9)).not.toThrow();
  expect(() => check(16e9)).toThrow(
    expect.objectContaining({ code: 'out-of-memory', hint: expect.stringContaining('int4') }),
  );
  expect(() => check(1e9)).toThrow(expect.objectContaining({ hint: expect.stringContaining('smaller size') }));
});
