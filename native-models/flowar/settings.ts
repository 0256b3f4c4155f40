/**
 * The sampler's settings.
 * Source: README of wangqiang9/FlowAR (5745a96) for the defaults of S, L and H; the solver's and annealing's are measured, see
 * README.md.
 */
import type { SettingSpec, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import { SOLVERS, type Solver } from '../sampling/ode.ts';
import type { FlowArConfig } from './config.ts';

export interface FlowArSettings {
  /** Guidance of the last scale; scale 0 is not guided (1). */
  readonly cfg: number;
  /** Time up to which steps are guided, 0 … 1: the noisiest ones above it are not. */
  readonly guidanceHigh: number;
  /** Calls of the flow head for each scale; for the first scale when they are annealed. */
  readonly steps: number;
  readonly annealed: boolean;
  readonly solver: Solver;
}

/** Fewest calls that make sense: two times, and two calls for each interval. */
const MIN_STEPS = 4;
const MAX_STEPS = 200;
/** Width from which on a model has the presets of FlowAR-H. */
const HUGE = 1536;

const SOLVER_NAMES: Readonly<Record<Solver, string>> = {
  euler: 'Euler (as the authors)',
  ab2: 'Adams–Bashforth',
  midpoint: 'Midpoint',
  heun: 'Heun',
};

/** The settings that a model has; `defaults` replaces the family's. */
export function settingSpecs({ width, flow }: FlowArConfig, defaults: Settings): SettingSpec[] {
  const huge = width >= HUGE;
  const given = <T>(id: string, type: 'number' | 'boolean' | 'string', fallback: T): T =>
    typeof defaults[id] === type ? (defaults[id] as T) : fallback;
  return [
    {
      kind: 'number',
      id: 'cfg',
      name: 'Guidance',
      help: 'How strictly the picture follows the class. It grows from coarse to fine; 1 is none.',
      default: given('cfg', 'number', flow.crossAttention ? 2.4 : 4.3),
      min: 1,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'guidance_high',
      name: 'Guidance from',
      help: 'Share of noise from which on steps are guided. Unguided steps take half the time.',
      default: given('guidance_high', 'number', huge ? 0.7 : 0.9),
      min: 0,
      max: 1,
      step: 0.05,
    },
    {
      kind: 'number',
      id: 'steps',
      name: 'Steps',
      help: 'How often each scale is looked at on its way from noise to picture.',
      default: given('steps', 'number', huge ? 50 : 25),
      min: MIN_STEPS,
      max: MAX_STEPS,
      step: 1,
    },
    {
      kind: 'switch',
      id: 'annealed',
      name: 'Annealed steps',
      help: 'Fewer steps for finer scales (DiSA), which have more to go by.',
      default: given('annealed', 'boolean', true),
    },
    {
      kind: 'choice',
      id: 'solver',
      name: 'Solver',
      help: 'How the way from noise to picture is followed.',
      default: given('solver', 'string', 'ab2'),
      options: SOLVERS.map((value) => ({ value, name: SOLVER_NAMES[value] })),
    },
  ];
}

/** The settings of a request; what is left out takes its default. Throws `bad-request`. */
export function parseSettings(specs: readonly SettingSpec[], settings: Settings): FlowArSettings {
  const values = resolveSettings(specs, settings);
  return {
    cfg: Number(values.cfg),
    guidanceHigh: Number(values.guidance_high),
    steps: Number(values.steps),
    annealed: values.annealed === true,
    solver: values.solver as Solver,
  };
}
