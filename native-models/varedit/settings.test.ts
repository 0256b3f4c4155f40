import { expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import { detectConfig } from './config.ts';
import type { InfinityModel } from './model.ts';
import { isGuided, parseSettings, scaleSampling, settingSpecs } from './settings.ts';

const model = (name: string, edits: boolean) =>
  ({
    transformer: { config: detectConfig(strippedCheckpoint(name)) },
    task: { edits, scales: 10 },
    source: { defaults: {} },
  }) as InfinityModel;

it.each([
  ['infinity_2b', false, { cfg: 4, tau: 0.5 }],
  ['infinity_8b', false, { cfg: 3, tau: 1 }],
  ['infinity_2b', true, { cfg: 3, tau: 0.1 }],
  ['infinity_8b', true, { cfg: 3, tau: 0.1 }],
])('%s, edits %s: the authors’ own', (name, edits, own) => {
  const settings = parseSettings(settingSpecs(model(name, edits)), {});
  expect(settings).toMatchObject({ ...own, cfgLast: own.cfg, tauLast: own.tau, topP: 0.97, sourceScales: 0 });
});

it('goes evenly from the coarsest scale to the finest', () => {
  const specs = settingSpecs(model('infinity_2b', false));
  const sampling = scaleSampling(parseSettings(specs, { cfg: 1, cfg_last: 5, tau: 0.5, tau_last: 1.5 }), 5);
  expect(sampling.map(({ cfg }) => cfg)).toEqual([1, 2, 3, 4, 5]);
  expect(sampling.map(({ tau }) => tau)).toEqual([0.5, 0.75, 1, 1.25, 1.5]);
  expect(isGuided(sampling)).toBe(true);
  expect(isGuided(scaleSampling(parseSettings(specs, { cfg: 1 }), 5))).toBe(false);
});

it('lets pictures from words have shapes, and edits keep scales of their source', () => {
  const ids = (edits: boolean) => settingSpecs(model('infinity_2b', edits)).map(({ id }) => id);
  expect(ids(false)).toEqual(['cfg', 'cfg_last', 'tau', 'tau_last', 'top_p', 'shape', 'size']);
  expect(ids(true)).toEqual(['cfg', 'cfg_last', 'tau', 'tau_last', 'top_p', 'source_scales']);
});
