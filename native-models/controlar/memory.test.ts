import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { totalNeed } from '../memory.ts';
import { detectT5Config, type T5Config } from '../text/config.ts';
import { detectVqganConfig, type VqganConfig } from '../vqgan/config.ts';
import { detectConfig, type TransformerConfig } from './config.ts';
import { memoryOfControlar } from './memory.ts';

const GIGABYTE = 1e9;

function memory(words: boolean) {
  const transformer = strippedCheckpoint('controlar_hed');
  const tokenizer = strippedCheckpoint('vq_ds16');
  const text = strippedCheckpoint('flan_t5_xl_1');
  return memoryOfControlar({
    title: '',
    transformer: { index: transformer, config: detectConfig(transformer) as TransformerConfig },
    tokenizer: { index: tokenizer, config: detectVqganConfig(tokenizer) as VqganConfig },
    textEncoder: words ? { index: text, config: detectT5Config(text) as T5Config } : undefined,
    grid: 32,
    source: { id: '', files: [], labels: [], defaults: {}, preview: undefined },
  });
}

it('counts the text encoder in float32, whatever the precision', () => {
  const [exact, eight] = (['fp32', 'int8'] as const).map((precision) => {
    return totalNeed(memory(true).need(precision)) - totalNeed(memory(false).need(precision));
  }) as [number, number];
  expect(exact).toBe(eight);
  expect(exact).toBeGreaterThan(4.5 * GIGABYTE);
  expect(exact).toBeLessThan(5.5 * GIGABYTE);
});

it('falls with fewer bits', () => {
  const needs = (['fp32', 'int8', 'int4'] as const).map((precision) => totalNeed(memory(true).need(precision)));
  expect(needs).toEqual(needs.toSorted((a, b) => b - a));
});
