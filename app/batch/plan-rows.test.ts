import { expect, it } from 'vitest';
import { expandPlan } from './expand.ts';
import type { BatchPlan } from './plan.ts';
import { planOfRows, rowsOfPlan, withAlternative } from './plan-rows.ts';

it('keeps the pictures of a plan', () => {
  const plan: BatchPlan = {
    entries: [
      { label: '{alpine lake|desert}', cfg: [1.5, 4], more_smooth: [true, false], seed: '1..3' },
      { label: ['harbour'], seed: [1, '5..7'], choose: 2 },
    ],
  };
  const all = (given: BatchPlan) => {
    const { count, at } = expandPlan(given);
    return Array.from({ length: count }, (_, index) => at(index));
  };
  expect(all(planOfRows(rowsOfPlan(plan)))).toEqual(all(plan));
});

it('leaves out what is empty', () => {
  expect(
    planOfRows([
      [
        { name: 'label', text: ' lake ' },
        { name: 'cfg', text: ' ' },
      ],
      [{ name: 'seed', text: '' }],
    ]),
  ).toEqual({
    entries: [{ label: 'lake' }],
  });
});

it.each([
  ['', 'lake', 'lake'],
  ['desert', 'lake', '{desert|lake}'],
  ['{desert|harbour}', 'lake', '{desert|harbour|lake}'],
  ['{a|b} at {c|d}', 'lake', '{{a|b} at {c|d}|lake}'],
])('%j with %j is %j', (text, alternative, expected) => {
  expect(withAlternative(text, alternative)).toBe(expected);
});
