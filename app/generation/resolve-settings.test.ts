import { expect, it } from 'vitest';
import type { SettingSpec } from './request.ts';
import { resolveSettings } from './resolve-settings.ts';

const number = { kind: 'number', help: '', min: 0, max: 20 } as const;
const SPECS: readonly SettingSpec[] = [
  { ...number, id: 'cfg', name: 'Guidance', default: 4, step: 0.1 },
  { ...number, id: 'top_k', name: 'Top k', default: 9, step: 1 },
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
];

it('fills in defaults', () => {
  expect(resolveSettings(SPECS, { cfg: 1.5 })).toEqual({
    cfg: 1.5,
    top_k: 9,
    more_smooth: false,
    solver: 'euler',
  });
});

it.each([
  [{ cgf: 1 }, 'no setting "cgf"'],
  [{ cfg: 21 }, 'Guidance (cfg) must be a number from 0 to 20, not 21.'],
  [{ cfg: Number.NaN }, 'not NaN'],
  [{ cfg: true }, 'not true'],
  [{ top_k: 1.5 }, 'a whole number'],
  [{ more_smooth: 1 }, 'on or off'],
  [{ solver: 'newton' }, 'Solver (solver) must be one of euler, heun, not newton.'],
  [{ solver: 1 }, 'not 1'],
])('refuses %j', (settings, message) => {
  expect(() => resolveSettings(SPECS, settings)).toThrow(message);
});
