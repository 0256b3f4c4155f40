/**
 * From pictures to control maps: what the window, the command line and batches offer.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { MapKind, NumberSetting, Settings } from '../generation/request.ts';
import { resolveSettings } from '../generation/resolve-settings.ts';
import { cannyEdges } from './edges.ts';
import { lineArt } from './line-art.ts';
import type { Mask } from './mask.ts';
import type { RgbaImage } from './rgba.ts';
import { softEdges } from './soft-edges.ts';

export const PREPROCESSOR_IDS = ['canny', 'softedge', 'lineart'] as const;
export type PreprocessorId = (typeof PREPROCESSOR_IDS)[number];

export interface Preprocessor {
  /** What its maps show. */
  readonly kind: MapKind;
  readonly settings: readonly NumberSetting[];
  readonly run: (image: RgbaImage, settings: Readonly<Record<string, number>>) => Mask;
}

/** A step from black to white has a gradient of 1,020. */
const THRESHOLD = { kind: 'number', min: 0, max: 1020, step: 1 } as const;
/** As the edge maps of ControlAR's training were made. */
const LOW = {
  ...THRESHOLD,
  id: 'low',
  name: 'Lower threshold',
  help: 'An edge goes on as long as it is stronger.',
  default: 100,
} as const;
const HIGH = {
  ...THRESHOLD,
  id: 'high',
  name: 'Upper threshold',
  help: 'An edge begins where it is stronger.',
  default: 200,
} as const;
const SOFTNESS = {
  kind: 'number',
  id: 'softness',
  name: 'Softness',
  help: 'How wide edges and lines are, in pixels.',
  default: 1,
  min: 0.5,
  max: 8,
  step: 0.1,
} as const;

export const PREPROCESSORS: Readonly<Record<PreprocessorId, Preprocessor>> = {
  canny: {
    kind: 'canny',
    settings: [LOW, HIGH],
    // The thresholds may come in either order, as with `cv2.Canny`.
    run: (image, { low = LOW.default, high = HIGH.default }) =>
      cannyEdges(image, { low: Math.min(low, high), high: Math.max(low, high), blur: 0 }),
  },
  softedge: {
    kind: 'softedge',
    settings: [SOFTNESS],
    run: (image, { softness = SOFTNESS.default }) => softEdges(image, softness),
  },
  lineart: {
    kind: 'lineart',
    settings: [SOFTNESS],
    run: (image, { softness = SOFTNESS.default }) => lineArt(image, softness),
  },
};

/**
 * The control map of a picture, in its size.
 *
 * @throws StudioError bad-request for an unknown preprocessor, or settings that it does not have or that are out of range
 */
export function preprocess(image: RgbaImage, id: string, settings: Settings = {}): RgbImage {
  const preprocessor = findPreprocessor(id);
  const values = resolveSettings(preprocessor.settings, settings) as Readonly<Record<string, number>>;
  const { width, height, data } = preprocessor.run(image, values);
  const rgb = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) rgb.fill(data[i]!, i * 3, i * 3 + 3);
  return { width, height, data: rgb };
}

/** Throws `bad-request`. */
export function findPreprocessor(id: string): Preprocessor {
  const found = PREPROCESSOR_IDS.find((other) => other === id);
  if (found) return PREPROCESSORS[found];
  throw new StudioError('bad-request', `There is no preprocessor "${id}".`, {
    hint: `Choose one of: ${PREPROCESSOR_IDS.join(', ')}.`,
  });
}
