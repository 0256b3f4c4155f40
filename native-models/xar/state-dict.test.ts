import { describe, expect, it } from 'vitest';
import { misshape, strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectXarConfig, type XarConfig } from './config.ts';
import { checkStateDict, expectedTensors, isQuantized } from './state-dict.ts';

const configOf = (index: ReturnType<typeof strippedCheckpoint>) => detectXarConfig(index) as XarConfig;
const corrupt = (message: string) =>
  expect.objectContaining({ code: 'corrupt-checkpoint', message: expect.stringContaining(message) });

describe.each(['xar_base', 'xar_large', 'xar_huge'])('%s', (file) => {
  it('is accounted for', () => {
    const index = strippedCheckpoint(file);
    expect(() => checkStateDict(index, configOf(index))).not.toThrow();
  });

  it.each<[string, (index: ReturnType<typeof strippedCheckpoint>) => void]>([
    ["has an unknown tensor 'surprise'", ({ entries }) => entries.set('surprise', entries.get('pred.bias')!)],
    [
      "has 'decoder_blocks.1.attn.proj.weight' as (3, 5)",
      (index) => misshape(index, 'decoder_blocks.1.attn.proj.weight', [3, 5]),
    ],
    ["lacks 'pred.bias'", ({ entries }) => entries.delete('pred.bias')],
  ])('is refused when it %s', (message, damage) => {
    const index = strippedCheckpoint(file);
    const config = configOf(index);
    damage(index);
    expect(() => checkStateDict(index, config)).toThrow(corrupt(message));
  });

  it('has nearly all of its numbers in matrices that become 8-bit', () => {
    const config = configOf(strippedCheckpoint(file));
    const quantized = isQuantized(config);
    let [inside, all] = [0, 0];
    for (const [key, shape] of expectedTensors(config)) {
      const count = shape.reduce((product, size) => product * size, 1);
      all += count;
      if (!quantized(key)) continue;
      inside += count;
      expect(shape).toHaveLength(2);
    }
    expect(inside / all).toBeGreaterThan(0.97);
  });
});
