/**
 * From a control map to the control tokens of a picture.
 * Source: ControlAR paper (arXiv 2410.02705) §3.2; hustvl/ControlAR `autoregressive/models/dinov2_adapter.py` (commit 87e32e9).
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ControlMap } from '../../app/generation/request.ts';
import { rgbToSignedUnit } from '../../app/imaging/planes.ts';
import { resizeRgb } from '../../app/imaging/resample.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { resizePlanes } from '../layers/resize-planes.ts';
import { float32, floats, type Runtime, type Session, targetOf } from '../runtime.ts';
import { detectDinov2Config } from '../vision/config.ts';
import { Dinov2 } from '../vision/dinov2.ts';
import type { ControlConfig, TransformerWeights } from './config.ts';
import { controlResizing } from './control-kinds.ts';
import { CONTROL_ENCODER } from './state-dict.ts';
import { buildControlCondition } from './transformer-graph.ts';

export interface ControlTokens {
  /** (N, F) of the control encoder. */
  readonly features: Float32Array;
  /** (3, N, C), for layers 0, a third and two thirds. */
  readonly tokens: Float32Array;
}

export class ControlEncoder {
  readonly #config: ControlConfig;
  readonly #patch: number;
  readonly #tokenPixels: number;
  readonly #backbone: Dinov2;
  readonly #projection: Session;

  private constructor(
    config: ControlConfig,
    sizes: { patch: number; tokenPixels: number },
    backbone: Dinov2,
    projection: Session,
  ) {
    this.#config = config;
    this.#patch = sizes.patch;
    this.#tokenPixels = sizes.tokenPixels;
    this.#backbone = backbone;
    this.#projection = projection;
  }

  /**
   * Undefined for a model that follows no maps.
   *
   * @param tokenPixels pixels of the picture for each token, along one axis
   */
  static async load(
    weights: TransformerWeights,
    tokenPixels: number,
    runtime: Runtime,
  ): Promise<ControlEncoder | undefined> {
    const { control } = weights.config;
    const backbone = detectDinov2Config(weights.index, CONTROL_ENCODER);
    if (!control || !backbone) return undefined;
    const projection = buildControlCondition(targetOf(runtime), weights, control.channels);
    return new ControlEncoder(
      control,
      { patch: backbone.patch, tokenPixels },
      new Dinov2({ index: weights.index, config: backbone }, runtime),
      await runtime.createSession(projection),
    );
  }

  /** @param map in any size; what is not as large as the picture is resized first, except for segmentations, whose colours are names */
  async encode({ image, kind }: ControlMap, grid: TokenGrid): Promise<ControlTokens> {
    const { channels } = this.#config;
    const map = kind === 'segmentation' ? image : resizedTo(image, grid, this.#tokenPixels);
    const size = { width: grid.columns * this.#patch, height: grid.rows * this.#patch };
    const planes = resizePlanes(rgbToSignedUnit(map), map, size, controlResizing(kind, channels));
    const features = await this.#backbone.encode(planes, grid);
    const count = grid.rows * grid.columns;
    const fetches = await this.#projection.run({ features: float32(features, 1, count, channels) });
    return { features, tokens: floats(fetches, 'control') };
  }

  async dispose(): Promise<void> {
    await this.#backbone.dispose();
    await this.#projection.dispose();
  }
}

function resizedTo(image: RgbImage, { rows, columns }: TokenGrid, tokenPixels: number): RgbImage {
  const [width, height] = [columns * tokenPixels, rows * tokenPixels];
  return image.width === width && image.height === height ? image : resizeRgb(image, width, height);
}
