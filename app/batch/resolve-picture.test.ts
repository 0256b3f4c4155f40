import { expect, it } from 'vitest';
import type { ModelDescription } from '../generation/request.ts';
import { nameValues, resolvePicture } from './resolve-picture.ts';

const MODEL: ModelDescription = {
  family: 'var',
  title: 'A model',
  width: 128,
  height: 128,
  labels: ['alpine lake', 'desert'],
  classes: 2,
  tokensPerStep: [1, 4],
  words: false,
  controls: [],
  symbolsPerToken: 1,
  capabilities: [],
  vocabulary: 16,
  settings: [
    { kind: 'number', id: 'cfg', name: 'Guidance', help: '', default: 2, min: 0, max: 10, step: 0.1 },
    { kind: 'number', id: 'top_k', name: 'Top k', help: '', default: 0, min: 0, max: 16, step: 1 },
    { kind: 'switch', id: 'more_smooth', name: 'Smooth', help: '', default: false },
    {
      kind: 'choice',
      id: 'solver',
      name: 'Solver',
      help: '',
      default: 'euler',
      options: [
        { value: 'euler', name: 'Euler' },
        { value: 'heun', name: 'Heun' },
      ],
    },
  ],
};

it('turns texts into a request, with the defaults of the model', () => {
  expect(
    resolvePicture({ label: 'Desert', seed: '7', cfg: '1.5', more_smooth: 'yes', solver: 'heun' }, 'm', MODEL),
  ).toEqual({
    request: { model: 'm', label: 1, seed: 7, settings: { cfg: 1.5, top_k: 0, more_smooth: true, solver: 'heun' } },
    labelName: 'desert',
  });
  expect(resolvePicture({ model: 'x' }, 'm', MODEL)).toEqual({
    request: { model: 'm', label: null, seed: 0, settings: { cfg: 2, top_k: 0, more_smooth: false, solver: 'euler' } },
    labelName: null,
  });
});

it('has values for names, with leading zeros', () => {
  const picture = resolvePicture({ label: '1', cfg: '3' }, '/models/m', MODEL);
  expect(nameValues(picture, 'm', 4, 120)).toEqual({
    n: '005',
    model: 'm',
    label: 'desert',
    seed: 0,
    cfg: 3,
    top_k: 0,
    more_smooth: false,
    solver: 'euler',
  });
});

it('takes words for a model that paints from them', () => {
  const words = { ...MODEL, words: true };
  const picture = resolvePicture({ prompt: 'a red boat', seed: '3' }, 'm', words);
  expect(picture.request).toMatchObject({ label: null, prompt: 'a red boat', seed: 3 });
  expect(nameValues(picture, 'm', 0, 1)).toMatchObject({ label: 'a red boat', prompt: 'a red boat' });
  expect(() => resolvePicture({ prompt: 'a boat' }, 'm', MODEL)).toThrow('A model does not paint from words');
  const maps = { ...MODEL, controls: ['canny' as const] };
  expect(() => resolvePicture({ label: 'desert' }, 'm', maps)).toThrow('follows a control map');
});

it.each([
  [{ label: 'dessert' }, 'no class "dessert"', 'desert'],
  [{ seed: '-1' }, 'A seed is a whole number', undefined],
  [{ seed: '4294967296' }, 'from 0 to 4294967295', undefined],
  [{ seeds: '1' }, 'no setting "seeds"', 'Did you mean seed'],
  [{ cfg: 'much' }, 'Guidance (cfg) must be a number, not "much"', undefined],
  [{ cfg: '' }, 'Guidance (cfg) must be a number', undefined],
  [{ cfg: '11' }, 'Guidance (cfg) must be a number from 0 to 10', undefined],
  [{ top_k: '1.5' }, 'must be a whole number', undefined],
  [{ solver: 'newton' }, 'must be one of euler, heun', undefined],
  [{ more_smooth: 'maybe' }, 'is either on or off, not "maybe"', undefined],
])('refuses %j', (fields, message, hint) => {
  let error: unknown;
  try {
    resolvePicture(fields as Record<string, string>, 'm', MODEL);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ message: expect.stringContaining(message) });
  if (hint) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
});
