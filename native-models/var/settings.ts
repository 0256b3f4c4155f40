/**
 * The sampler's settings.
 * Source: FoundationVision/VAR `demo_sample.ipynb` for the defaults.
 */

import type { SettingSpec, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';

export interface VarSettings {
  /** Guidance: the last scale weighs the class 1 + cfg times; scale 0 is not guided. */
  readonly cfg: number;
  /** Likeliest tokens to draw from; 0 takes all. */
  readonly topK: number;
  /** Share of the probability to draw from; 0 takes all. */
  readonly topP: number;
  /** Mixes codes instead of drawing one: smoother pictures, less variety. */
  readonly moreSmooth: boolean;
}

/** The settings that a model of `vocabulary` codes has; `defaults` replaces the family's. */
export function settingSpecs(vocabulary: number, defaults: Settings): SettingSpec[] {
  const number = (id: string, fallback: number) => {
    const value = defaults[id];
    return typeof value === 'number' ? value : fallback;
  };
  return [
    {
      kind: 'number',
      id: 'cfg',
      name: 'Guidance',
      help: 'How strictly the picture follows the class. It grows from coarse to fine.',
      default: number('cfg', 4),
      min: 0,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'top_k',
      name: 'Top k',
      help: 'Draw each token from its k likeliest codes; 0 takes all.',
      default: Math.min(number('top_k', 900), vocabulary),
      min: 0,
      max: vocabulary,
      step: 1,
    },
    {
      kind: 'number',
      id: 'top_p',
      name: 'Top p',
      help: 'Draw from the likeliest codes that together have this probability; 0 takes all.',
      default: number('top_p', 0.95),
      min: 0,
      max: 1,
      step: 0.01,
    },
    {
      kind: 'switch',
      id: 'more_smooth',
      name: 'Smooth',
      help: 'Mix codes instead of drawing one: smoother, with less variety. The tokens then only come near the picture.',
      default: defaults.more_smooth === true,
    },
  ];
}

/** The settings of a request; what is left out takes its default. Throws `bad-request`. */
export function parseSettings(specs: readonly SettingSpec[], settings: Settings): VarSettings {
  const values = resolveSettings(specs, settings);
  return {
    cfg: Number(values.cfg),
    topK: Number(values.top_k),
    topP: Number(values.top_p),
    moreSmooth: values.more_smooth === true,
  };
}
