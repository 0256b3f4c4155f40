/**
 * The sampler's settings.
 * Source: README of OliverRensu/xAR (121e9c9) for the defaults of B, L and H.
 */
import type { SettingSpec, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { annealedSteps } from '../sampling/annealed-steps.ts';
import { CELLS, type XarConfig } from './config.ts';

export interface XarSettings {
  /** Guidance of the last cell; the first one is not guided (1). */
  readonly cfg: number;
  /** Steps of each cell; of the first one when they are annealed. */
  readonly steps: number;
  readonly annealed: boolean;
}

/** The published models' settings by width. */
const PRESETS: Readonly<Record<number, { cfg: number; steps: number }>> = {
  768: { cfg: 2.7, steps: 40 },
  1024: { cfg: 2.3, steps: 50 },
  1280: { cfg: 2.2, steps: 50 },
};
const PRESET = { cfg: 2.5, steps: 50 };
/** Steps of the last cell when they are annealed. */
const LEAST_STEPS = 15;

/** The settings that a model has; `defaults` replaces the family's. */
export function settingSpecs({ width }: XarConfig, defaults: Settings): SettingSpec[] {
  const preset = PRESETS[width] ?? PRESET;
  const number = (id: string, fallback: number) => (typeof defaults[id] === 'number' ? defaults[id] : fallback);
  return [
    {
      kind: 'number',
      id: 'cfg',
      name: 'Guidance',
      help: 'How strictly the picture follows the class. It grows from cell to cell; 1 is none.',
      default: number('cfg', preset.cfg),
      min: 1,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'steps',
      name: 'Steps',
      help: 'How often each cell is looked at on its way from noise to picture.',
      default: number('steps', preset.steps),
      min: 3,
      max: 200,
      step: 1,
    },
    {
      kind: 'switch',
      id: 'annealed',
      name: 'Annealed steps',
      help: 'Fewer steps for later cells (DiSA), which have more to go by.',
      default: defaults.annealed !== false,
    },
  ];
}

/** The settings of a request; what is left out takes its default. Throws `bad-request`. */
export function parseSettings(specs: readonly SettingSpec[], settings: Settings): XarSettings {
  const values = resolveSettings(specs, settings);
  return { cfg: Number(values.cfg), steps: Number(values.steps), annealed: values.annealed === true };
}

/** Of each cell. */
export function cellSteps({ steps, annealed }: Pick<XarSettings, 'steps' | 'annealed'>): number[] {
  return annealed ? annealedSteps(CELLS, steps, Math.min(steps, LEAST_STEPS)) : new Array<number>(CELLS).fill(steps);
}

/** Guidance of a cell: from 1 for the first to `cfg` for the last. */
export function cellGuidance(cfg: number, cell: number): number {
  return ((cfg - 1) * cell) / (CELLS - 1) + 1;
}
