/**
 * Families whose transformer paints the latent of a KL autoencoder in steps, each a flow from noise: what differs between them.
 *
 * Letters: L tokens of all steps, Z channels, P side of the picture's latent.
 */
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { KeptTokens, ModelDescription, SettingSpec, Settings } from '../../app/generation/request.ts';
import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import type { KlWeights } from '../kl/config.ts';
import type { KlAutoencoder } from '../kl/kl-autoencoder.ts';
import type { NamedArray } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import type { Forced } from '../trace/forced-tensors.ts';
import type { Run } from '../trace/run-values.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface LatentConfig {
  /** D of the transformer */
  readonly width: number;
  /** L */
  readonly positions: number;
  /** Z */
  readonly channels: number;
  /** Classes; class number `classes` is "no class". */
  readonly classes: number;
}

/** A step is done. */
export interface LatentStep {
  readonly kind: 'step';
  readonly step: number;
  /** (l, Z) of the step's l tokens, of float16 numbers. */
  readonly latent: Float32Array;
  readonly symbols: Int32Array;
}

/** A call of the flow within a step is done. */
export interface FlowLook {
  readonly kind: 'look';
  readonly step: number;
  /** Calls done, and how many there are. */
  readonly done: number;
  readonly of: number;
  /** (l, Z): the latent that the flow heads for. */
  readonly expected: Float64Array;
}

export interface LatentRequest<S> {
  readonly label: number;
  readonly seed: number;
  readonly settings: S;
  readonly kept?: KeptTokens | undefined;
}

export interface TraceRequest {
  readonly run: Run;
  readonly forced: Forced;
  readonly signal: AbortSignal;
}

/** Share of a picture's work that is done after a share of a step's flow, 0 … 1; what is missing to 1 is the decoder's. */
export type LatentProgress = (step: number, share: number) => number;

/** C configuration, S settings, T the loaded transformer. */
export interface LatentFamily<C extends LatentConfig, S, T extends { dispose(): Promise<void> }> {
  readonly id: string;
  /** Such as `FlowAR`. */
  readonly name: string;
  /** Such as `FlowAR-S.pth`. */
  readonly publishedFile: string;
  /** Names of the published sizes by their width. */
  readonly sizes: Readonly<Record<number, string>>;
  /** Throws `corrupt-checkpoint`; undefined when the tensors are not those of the family. */
  detect(index: TensorIndex): C | undefined;
  /** Throws `corrupt-checkpoint` naming the first key that is missing, misshapen or unknown. */
  checkStateDict(index: TensorIndex, config: C): void;
  /** Every key that the graphs use, with its shape. */
  expectedTensors(config: C): Map<string, readonly number[]>;
  /** P */
  latentSide(config: C): number;
  /** How a picture's tokens spread over its steps. */
  steps(config: C): Pick<ModelDescription, 'tokensPerStep' | 'stepKind' | 'stepAreas'>;
  settingSpecs(config: C, defaults: Settings): SettingSpec[];
  parseSettings(specs: readonly SettingSpec[], settings: Settings): S;
  progress(config: C, autoencoder: AutoencoderConfig, settings: S): LatentProgress;
  /** The matrices that become 8-bit or 4-bit. */
  isQuantized(config: C): (key: string) => boolean;
  load(weights: LatentWeights<C>, runtime: Runtime): Promise<T>;
  generate(transformer: T, request: LatentRequest<S>): AsyncGenerator<LatentStep | FlowLook>;
  /** Whether looks within a step show more than the step before it. */
  showsLooks(config: C, step: number): boolean;
  /** The picture's latent after a step as planes (Z, P, P). `latents` is (L, Z), of which the steps as far as this one count. */
  toPlanes(config: C, latents: Float32Array, step: number): Float32Array;
  /** The latents (L, Z) of all steps of a picture: planes (Z, P, P). */
  fromPlanes(config: C, planes: Float32Array): Float32Array;
  trace(
    transformer: T,
    autoencoder: KlAutoencoder | undefined,
    request: TraceRequest,
  ): Promise<Map<string, NamedArray>>;
}

/** A transformer's checkpoint and what it is. */
export interface LatentWeights<C> {
  readonly index: TensorIndex;
  readonly config: C;
}

/** A model's files, before anything is loaded. */
export interface LatentModel<C> {
  readonly title: string;
  readonly transformer: LatentWeights<C>;
  /** Without it a model can be traced, and paints nothing. */
  readonly autoencoder: KlWeights | undefined;
  readonly source: ModelSource;
}
