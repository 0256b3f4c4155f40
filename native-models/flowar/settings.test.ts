import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectFlowArConfig, type FlowArConfig } from './config.ts';
import { parseSettings, settingSpecs } from './settings.ts';

const specsOf = (file: string, defaults = {}) =>
  settingSpecs(detectFlowArConfig(strippedCheckpoint(file)) as FlowArConfig, defaults);

it.each([
  ['flowar_small', { cfg: 4.3, guidanceHigh: 0.9, steps: 25 }],
  ['flowar_large', { cfg: 2.4, guidanceHigh: 0.9, steps: 25 }],
  ['flowar_huge', { cfg: 2.4, guidanceHigh: 0.7, steps: 50 }],
])('%s has the authors’ settings by default', (file, settings) => {
  expect(parseSettings(specsOf(file), {})).toEqual({ ...settings, annealed: true, solver: 'ab2' });
});

it('takes the defaults of a card, and what is asked for over them', () => {
  const specs = specsOf('flowar_small', { cfg: 2, solver: 'euler', annealed: false });
  expect(parseSettings(specs, { cfg: 3 })).toMatchObject({ cfg: 3, solver: 'euler', annealed: false, steps: 25 });
});

it.each([[{ solver: 'newton' }], [{ steps: 3 }], [{ cfg: 0.5 }], [{ guidance_high: 1.1 }]])(
  'refuses %j',
  (settings) => {
    expect(() => parseSettings(specsOf('flowar_small'), settings)).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
  },
);
