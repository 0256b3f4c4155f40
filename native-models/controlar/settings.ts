/**
 * The sampler's settings.
 * Source: the defaults of FoundationVision/LlamaGen `autoregressive/sample` (commit ce98ec4) and hustvl/ControlAR
 * `autoregressive/sample/sample_t2i.py` (commit 87e32e9).
 */
import type { SettingSpec, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import type { TransformerConfig } from './config.ts';

export interface SamplerSettings {
  /** Guidance: 1 and below is none. */
  readonly cfg: number;
  /** The last token of the picture, counted from 1, that is guided; −1 guides all. */
  readonly cfgInterval: number;
  readonly temperature: number;
  /** Likeliest codes to draw from; 0 takes all. */
  readonly topK: number;
  /** Share of the probability to draw from; 1 takes all. */
  readonly topP: number;
  /** Factor of the control tokens; 1 is what the model was trained with. */
  readonly controlStrength: number;
}

interface Defaults {
  readonly cfg: number;
  readonly topK: number;
}

/** The settings that a model has; `defaults` replaces the family's. */
export function settingSpecs(config: TransformerConfig, defaults: Settings): SettingSpec[] {
  const { vocabulary } = config;
  const own = familyDefaults(config);
  const number = (id: string, fallback: number) => {
    const value = defaults[id];
    return typeof value === 'number' ? value : fallback;
  };
  const specs: SettingSpec[] = [
    {
      kind: 'number',
      id: 'cfg',
      name: 'Guidance',
      help: 'How strictly the picture follows what is asked for; 1 and below is none, and twice as fast.',
      default: number('cfg', own.cfg),
      min: 0,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'top_k',
      name: 'Top k',
      help: 'Draw each token from its k likeliest codes; 0 takes all.',
      default: Math.min(number('top_k', own.topK), vocabulary),
      min: 0,
      max: vocabulary,
      step: 1,
    },
    {
      kind: 'number',
      id: 'top_p',
      name: 'Top p',
      help: 'Draw from the likeliest codes that together have this probability; 1 takes all.',
      default: number('top_p', 1),
      min: 0,
      max: 1,
      step: 0.01,
    },
    {
      kind: 'number',
      id: 'temperature',
      name: 'Temperature',
      help: 'Below 1 the likely gets likelier, above 1 the unlikely.',
      default: number('temperature', 1),
      min: 0,
      max: 2,
      step: 0.05,
    },
    {
      kind: 'number',
      id: 'cfg_interval',
      name: 'Guided tokens',
      help: 'Guide only so many tokens after the first, then none; −1 guides all.',
      default: number('cfg_interval', -1),
      min: -1,
      max: 2 ** 16,
      step: 1,
    },
  ];
  if (!config.control) return specs;
  const strength: SettingSpec = {
    kind: 'number',
    id: 'control_strength',
    name: 'Control strength',
    help: 'How strictly the picture follows the control map.',
    default: number('control_strength', 1),
    min: 0,
    max: 2,
    step: 0.05,
    ofControl: true,
  };
  return [...specs, strength];
}

function familyDefaults({ conditioning, control }: TransformerConfig): Defaults {
  if (control || conditioning.kind === 'class') return { cfg: 4, topK: 2000 };
  return { cfg: 7.5, topK: 1000 };
}

/** The settings of a request; what is left out takes its default. Throws `bad-request`. */
export function parseSettings(specs: readonly SettingSpec[], settings: Settings): SamplerSettings {
  const values = resolveSettings(specs, settings);
  return {
    cfg: Number(values.cfg),
    cfgInterval: Number(values.cfg_interval),
    temperature: Number(values.temperature),
    topK: Number(values.top_k),
    topP: Number(values.top_p),
    controlStrength: Number(values.control_strength ?? 1),
  };
}
