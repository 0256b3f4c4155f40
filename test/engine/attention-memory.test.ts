/**
 * Attention at the sizes of large pictures.
 */
import { expect, it } from 'vitest';
import type { Value } from '../../native-models/graph/graph-builder.ts';
import { attendMany } from '../../native-models/layers/attention.ts';
import { normal, runGraph } from '../support/tiny-graph.ts';

const MEGABYTE = 2 ** 20;
const peak = () => process.resourceUsage().maxRSS * 1024;

it('holds no scores of all queries and keys', async () => {
  const [rows, heads, size, queries, keys] = [2, 2, 32, 4096, 14_617];
  const inputs = {
    q: normal(1, rows, queries, heads, size),
    k: normal(2, rows, keys, heads * size),
    v: normal(3, rows, keys, heads * size),
  };
  const few = normal(2, rows, 8, heads * size);
  const build = (g: Parameters<typeof attendMany>[0], given: Readonly<Record<string, Value>>) =>
    attendMany(g, given.q!, { keys: given.k!, values: given.v! }, 1);
  await runGraph({ q: normal(1, rows, 8, heads, size), k: few, v: few }, build);
  const before = peak();
  await runGraph(inputs, build);
  const scores = 4 * rows * heads * queries * keys;
  console.log(
    `${((peak() - before) / MEGABYTE).toFixed(0)} MB; scores would take ${(scores / MEGABYTE).toFixed(0)} MB`,
  );
  expect(peak() - before).toBeLessThan(scores / 4);
});
