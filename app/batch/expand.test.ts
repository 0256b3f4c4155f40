import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSize, expandPlan } from './expand.ts';
import { type PlanEntry, planFromData } from './plan.ts';

const pictures = (...entries: PlanEntry[]) => {
  const { count, at } = expandPlan({ entries });
  return Array.from({ length: count }, (_, index) => at(index));
};

it('makes every combination, the last field first', () => {
  expect(pictures({ label: '{lake|desert}', cfg: [1.5, 4], seed: '1..2' })).toEqual([
    { label: 'lake', cfg: '1.5', seed: '1' },
    { label: 'lake', cfg: '1.5', seed: '2' },
    { label: 'lake', cfg: '4', seed: '1' },
    { label: 'lake', cfg: '4', seed: '2' },
    { label: 'desert', cfg: '1.5', seed: '1' },
    { label: 'desert', cfg: '1.5', seed: '2' },
    { label: 'desert', cfg: '4', seed: '1' },
    { label: 'desert', cfg: '4', seed: '2' },
  ]);
});

it('puts entries after each other', () => {
  expect(pictures({ seed: '1..2' }, { label: 'lake' }, { seed: [9] })).toEqual([
    { seed: '1' },
    { seed: '2' },
    { label: 'lake' },
    { seed: '9' },
  ]);
});

it('counts a thousand million pictures at once, and refuses to make them', () => {
  const { count, at } = expandPlan({ entries: [{ label: '{a|b}', seed: '0..499999999' }] });
  expect(count).toBe(1e9);
  expect(at(1e9 - 1)).toEqual({ label: 'b', seed: '499999999' });
  expect(() => checkSize(count)).toThrow(/asks for 1,000,000,000 pictures; a batch may have 100,000/);
});

describe('choose', () => {
  const entry = { label: '{a|b|c}', seed: '0..299999999', choose: 5 };

  it('takes the same pictures every time, others with another seed', () => {
    const chosen = pictures(entry);
    expect(chosen).toHaveLength(5);
    expect(pictures(entry)).toEqual(chosen);
    expect(pictures({ ...entry, choose_seed: 1 })).not.toEqual(chosen);
    expect(chosen.map(({ label, seed }) => `${label}-${seed}`)).toMatchInlineSnapshot(`
      [
        "a-95203280",
        "a-254793640",
        "b-57877775",
        "b-124458267",
        "b-216057818",
      ]
    `);
  });

  it('takes different pictures in the order of the plan, and all there are when it asks for more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), fc.nat(), (total, choose, seed) => {
        const seeds = pictures({ seed: `1..${total}`, choose, choose_seed: seed }).map((picture) =>
          Number(picture.seed),
        );
        expect(seeds).toHaveLength(Math.min(total, choose));
        expect(seeds).toEqual([...new Set(seeds)].sort((a, b) => a - b));
      }),
    );
  });

  it('favours nobody', () => {
    const hits = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      for (const { seed: chosen } of pictures({ seed: '0..9', choose: 3, choose_seed: seed })) hits[Number(chosen)]!++;
    }
    // 600 expected, standard deviation 20.5.
    for (const count of hits) expect(Math.abs(count - 600)).toBeLessThan(90);
  });
});

it.each<[PlanEntry, string]>([
  [{ seed: [] }, 'The list of "seed" is empty'],
  [{ seed: '1..5', choose: 0 }, 'choose must be a whole number from 1'],
  [{ seed: '1..5', choose: '2.5' }, 'not "2.5"'],
  [{ a: '1..999999999', b: '1..999999999' }, 'more pictures than can be counted'],
])('refuses %j', (entry, message) => {
  expect(() => pictures(entry)).toThrow(message);
});

describe('plans from data', () => {
  it('are a list, one entry, or pictures with defaults', () => {
    const entry = { label: 'lake', seed: 1 };
    expect(planFromData([entry])).toEqual({ entries: [entry] });
    expect(planFromData(entry)).toEqual({ entries: [entry] });
    expect(planFromData({ defaults: { cfg: 2, seed: 5 }, pictures: [entry, { label: 'desert' }] })).toEqual({
      entries: [
        { cfg: 2, seed: 1, label: 'lake' },
        { cfg: 2, seed: 5, label: 'desert' },
      ],
    });
  });

  it.each<[unknown, string]>([
    [[], 'The plan is empty'],
    ['lake', 'holds no entries'],
    [null, 'holds no entries'],
    [[{ label: null }], 'entry 1.label must be'],
    [[{ label: { a: 1 } }], 'entry 1.label must be'],
    [['lake'], 'entry 1 must be a record'],
    [{ pictures: [{}], default: {} }, 'not "default"'],
    [{ pictures: [{ seed: [[1]] }] }, 'pictures 1.seed must be'],
  ])('refuse %j', (data, message) => {
    expect(() => planFromData(data)).toThrow(message);
  });

  it('are refused in a sentence, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        try {
          expandPlan(planFromData(data));
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/\.$/) });
        }
      }),
    );
  });
});
