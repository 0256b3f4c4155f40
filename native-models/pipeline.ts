/**
 * What a loaded model is to the engine, whatever its family.
 */
import type { TokenPlace } from '../app/contracts/engine-api.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../app/generation/request.ts';
import type { ModelMemory } from './memory.ts';

/** A named tensor of a trace, as it stands in a safetensors file. */
export type NamedArray =
  | { readonly type: 'f32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'f64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly type: 'i32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'i64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'u8'; readonly shape: readonly number[]; readonly data: Uint8Array };

export interface GenerateOptions {
  readonly signal: AbortSignal;
  /** How the step events' previews are made. */
  readonly previews: 'linear' | 'decoded';
}

export interface Pipeline {
  /** Left out where the size of its files tells as much. */
  readonly memory?: ModelMemory;
  describe(): ModelDescription;
  /** Makes one picture. Throws `cancelled` soon after the signal is aborted: it is looked at between session runs. */
  generate(request: GenerationRequest, options: GenerateOptions): AsyncGenerator<PipelineEvent>;
  /**
   * Makes pictures, as many at once as memory allows and as is quickest; each is what `generate` would make of its request, or
   * what the family's README says. Their events come mixed, those of each picture in order.
   */
  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent>;
  /** The picture of known tokens, of the first `steps` steps or of all; the transformer is not run. */
  decode(tokens: Int32Array, steps?: number): Promise<RgbImage>;
  /** The tokens of a picture of the model's size; `bad-request` for another size. */
  encode(image: RgbImage): Promise<Int32Array>;
  /** See `EngineApi.alternatives`; `request.kept` must have the picture's tokens. */
  alternatives(request: GenerationRequest, place: TokenPlace, signal: AbortSignal): Promise<readonly Alternative[]>;
  /** Fits the linear preview to the model's own decoder; see `EngineApi.fitPreview`. */
  fitPreview(): Promise<readonly number[]>;
  /**
   * Runs the model and returns its intermediate tensors by the names that the family's README lists.
   *
   * @param run the settings of the run: `label`, `cfg`, `top_k`, … ; `bad-request` when one is unknown or out of range
   * @param forced inputs to follow instead of sampling, such as `tokens`
   */
  trace(
    run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
    signal: AbortSignal,
  ): Promise<Map<string, NamedArray>>;
  dispose(): Promise<void>;
}
