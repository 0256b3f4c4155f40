/**
 * The sampler's settings, and those that say what size a picture has.
 * Source: the defaults of FoundationVision/Infinity `scripts/infer.sh` and `tools/run_infinity.py` (commit 4c27bbb), and of
 * HiDream-ai/VAREdit `README.md` (commit 2ca737c).
 */
import type { SettingSpec, Settings } from '../../app/generation/request.ts';
import { resolveSettings } from '../../app/generation/resolve-settings.ts';
import type { ScaleSampling } from './bit-sampler.ts';
import { SHAPE_NAMES, SIZE_NAMES, type SizeName, sizeTitle, usualFormat } from './formats.ts';
import type { InfinityModel } from './model.ts';

/** What a setting has when the finest scale is to be as the coarsest. */
const AS_THE_FIRST = -1;

interface Defaults {
  readonly cfg: number;
  readonly tau: number;
}

/** Bits of a token of the larger models, which the authors sample in another way. */
const MANY_BITS = 56;

function familyDefaults({ transformer, task }: InfinityModel): Defaults {
  if (task.edits) return { cfg: 3, tau: 0.1 };
  return transformer.config.bits === MANY_BITS ? { cfg: 3, tau: 1 } : { cfg: 4, tau: 0.5 };
}

/** The settings that a model has; those of its source replace the family's. */
export function settingSpecs(model: InfinityModel): SettingSpec[] {
  const { source, task } = model;
  const own = familyDefaults(model);
  const number = (id: string, fallback: number) => {
    const value = source.defaults[id];
    return typeof value === 'number' ? value : fallback;
  };
  const sampling: SettingSpec[] = [
    {
      kind: 'number',
      id: 'cfg',
      name: 'Guidance',
      help: 'How strictly the picture follows the words; 1 is none, and twice as fast.',
      default: number('cfg', own.cfg),
      min: 0,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'cfg_last',
      name: 'Guidance, fine',
      help: 'Guidance of the finest scale; scales between go evenly from one to the other. −1: as the coarsest.',
      default: number('cfg_last', AS_THE_FIRST),
      min: AS_THE_FIRST,
      max: 20,
      step: 0.1,
    },
    {
      kind: 'number',
      id: 'tau',
      name: 'Temperature',
      help: 'Below 1 the likely gets likelier, above 1 the unlikely.',
      default: number('tau', own.tau),
      min: 0.01,
      max: 2,
      step: 0.01,
    },
    {
      kind: 'number',
      id: 'tau_last',
      name: 'Temperature, fine',
      help: 'Temperature of the finest scale; scales between go evenly from one to the other. −1: as the coarsest.',
      default: number('tau_last', AS_THE_FIRST),
      min: AS_THE_FIRST,
      max: 2,
      step: 0.01,
    },
    {
      kind: 'number',
      id: 'top_p',
      name: 'Top p',
      help: 'The unlikelier value of a bit is never drawn where it has at most what is missing to 1; 0 and 1 draw all.',
      default: number('top_p', 0.97),
      min: 0,
      max: 1,
      step: 0.01,
    },
  ];
  return [...sampling, ...(task.edits ? sourceSpecs(number) : formatSpecs(model))];
}

function sourceSpecs(number: (id: string, fallback: number) => number): SettingSpec[] {
  return [
    {
      kind: 'number',
      id: 'source_scales',
      name: 'Scales of the source',
      help: 'So many of the coarsest scales stay those of the source; 0 lets it go from the beginning.',
      default: number('source_scales', 0),
      min: 0,
      max: 12,
      step: 1,
    },
  ];
}

function formatSpecs({ task }: InfinityModel): SettingSpec[] {
  const usual = usualFormat(task);
  return [
    {
      kind: 'choice',
      id: 'shape',
      name: 'Shape',
      help: 'Width to height.',
      default: usual.shape,
      options: SHAPE_NAMES.map((value) => ({ value, name: value })),
    },
    {
      kind: 'choice',
      id: 'size',
      name: 'Size',
      help: 'About how many pixels, in millions.',
      default: usual.size,
      options: SIZE_NAMES.map((value) => ({ value, name: sizeTitle(value) })),
    },
  ];
}

/** The settings of a request. */
export interface ParsedSettings {
  readonly cfg: number;
  readonly cfgLast: number;
  readonly tau: number;
  readonly tauLast: number;
  readonly topP: number;
  readonly sourceScales: number;
  readonly shape: string;
  readonly size: SizeName;
}

/** What is left out takes its default. Throws `bad-request`. */
export function parseSettings(specs: readonly SettingSpec[], settings: Settings): ParsedSettings {
  const values = resolveSettings(specs, settings);
  const [cfg, tau] = [Number(values.cfg), Number(values.tau)];
  const last = (id: string, first: number) => (Number(values[id]) < 0 ? first : Number(values[id]));
  return {
    cfg,
    cfgLast: last('cfg_last', cfg),
    tau,
    // A temperature of 0 has no logits.
    tauLast: Math.max(0.01, last('tau_last', tau)),
    topP: Number(values.top_p),
    sourceScales: Number(values.source_scales ?? 0),
    shape: String(values.shape ?? ''),
    size: String(values.size ?? '') as SizeName,
  };
}

/** How each scale is drawn. */
export function scaleSampling(settings: ParsedSettings, scales: number): ScaleSampling[] {
  const { cfg, cfgLast, tau, tauLast, topP } = settings;
  return Array.from({ length: scales }, (_, scale) => {
    const along = (first: number, last: number) => first + ((last - first) * scale) / Math.max(1, scales - 1);
    return { cfg: along(cfg, cfgLast), tau: along(tau, tauLast), topP };
  });
}

/** Whether any scale is guided, so that there is an unconditional row. */
export function isGuided(sampling: readonly ScaleSampling[]): boolean {
  return sampling.some(({ cfg }) => cfg !== 1);
}
