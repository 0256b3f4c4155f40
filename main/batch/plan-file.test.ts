import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPlan } from '../../app/batch/expand.ts';
import { formatPlan, parsePlanText, readPlanFile } from './plan-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-plan-'));
});
afterAll(() => rm(folder, { recursive: true }));

const PLANS: Record<string, string> = {
  'plan.jsonl': '{"label": "{lake|desert}", "cfg": 1.5, "seed": "1..2"}\n\n{"label": "harbour", "more_smooth": true}\n',
  'plan.json': '[{"label": "{lake|desert}", "cfg": "1.5", "seed": [1, 2]}, {"label": "harbour", "more_smooth": true}]',
  'plan.yaml': '# A plan\n- { label: "{lake|desert}", cfg: 1.5, seed: 1..2 }\n- label: harbour\n  more_smooth: true\n',
  'plan.csv': '\uFEFFlabel,cfg,seed,more_smooth\r\n{lake|desert},1.5,1..2,\r\n\r\n"harbour",,,true\r\n',
};

it.each(Object.keys(PLANS))('means the same as %s', async (name) => {
  const path = join(folder, name);
  await writeFile(path, PLANS[name] as string);
  const { count, at } = expandPlan(await readPlanFile(path));
  expect(Array.from({ length: count }, (_, index) => at(index))).toEqual([
    { label: 'lake', cfg: '1.5', seed: '1' },
    { label: 'lake', cfg: '1.5', seed: '2' },
    { label: 'desert', cfg: '1.5', seed: '1' },
    { label: 'desert', cfg: '1.5', seed: '2' },
    { label: 'harbour', more_smooth: 'true' },
  ]);
});

describe('a plan that cannot be read', () => {
  it.each([
    ['a.jsonl', '{"label": "lake"}\n{"label"', 'Line 2 of the plan is no JSON'],
    ['a.json', '{', 'a.json cannot be read'],
    ['a.yaml', 'a: [1', 'a.yaml cannot be read'],
    ['a.yaml', 'a: 1\na: 2', 'a.yaml cannot be read'],
    ['a.csv', 'label,seed\nlake,1,2', 'a.csv cannot be read'],
    ['a.csv', 'label,seed\n', 'The plan is empty'],
    ['a.txt', 'lake', 'is of no known kind'],
    ['a.yaml', '', 'holds no entries'],
    ['a.yaml', `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]`, 'cannot be read'],
  ])('is told from %s', (name, text, message) => {
    expect(() => parsePlanText(text, name)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(message) }),
    );
  });

  it('is a file that is not there', async () => {
    await expect(readPlanFile(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'missing-file' });
  });
});

it('writes plans that it reads again', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
  const entry = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.oneof(value, fc.array(value, { minLength: 1 })));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), (entries) => {
      expect(parsePlanText(formatPlan({ entries }), 'plan.yaml')).toEqual({ entries });
    }),
  );
});
