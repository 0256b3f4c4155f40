/**
 * What a pipeline needs of the world: sessions made from graphs, and small tensors read from checkpoints.
 * Implemented by `main/engine`; nothing here knows onnxruntime.
 */
import type { Precision } from '../app/contracts/engine-api.ts';
import type { Target } from './graph/graph-builder.ts';
import type { OnnxModel } from './graph/onnx-model.ts';
import type { HostTaskInput, HostTaskName, HostTaskResult } from './host-tasks.ts';
import type { Derivation } from './weights/derived-tensor.ts';
import type { TensorEntry, TensorIndex } from './weights/tensor-entry.ts';

/** A tensor that crosses the boundary of a session. Float16 and others are cast inside the graph. */
export type HostTensor =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly shape: readonly number[] }
  | { readonly type: 'int32'; readonly data: Int32Array; readonly shape: readonly number[] };

export type Feeds = Readonly<Record<string, HostTensor>>;
export type Fetches = Readonly<Record<string, HostTensor>>;

export interface Session {
  /**
   * Runs the graph. Blocks the engine's thread; yields to its event loop afterwards.
   *
   * @param wanted outputs to bring back, all when left out: each one is copied
   */
  run(feeds: Feeds, wanted?: readonly string[]): Promise<Fetches>;
  dispose(): Promise<void>;
}

/** Execution providers, best first is the runtime's business. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Text as a text encoder reads it. */
export interface TextTokenizer {
  /** The tokens of a text, the encoder's end token last. */
  encode(text: string): readonly number[];
}

export interface SessionOptions {
  /** For a few runs: weights are used where they lie instead of being rearranged for speed. */
  readonly once?: boolean;
}

export interface Runtime {
  readonly provider: Provider;
  readonly precision: Precision;
  /** Bytes that models may still take, those of models that would be put away for it included. */
  availableMemory(): number;
  /** How many host tasks run at the same time. */
  readonly hostThreads: number;
  /** Runs a pure function beside others; the buffers of `moved`, which are parts of the input, are gone afterwards. */
  hostTask<Name extends HostTaskName>(
    name: Name,
    input: HostTaskInput<Name>,
    moved: readonly ArrayBuffer[],
  ): Promise<HostTaskResult<Name>>;
  /** Creates a session. `session-failed` or `out-of-memory` when the runtime refuses. */
  createSession(model: OnnxModel, options?: SessionOptions): Promise<Session>;
  /** Reads a whole tensor as float32, row-major, whatever its storage type and strides. For small tensors. */
  readFloats(entry: TensorEntry): Promise<Float32Array>;
  /** Writes derived tensors into the cache, unless they are there, and opens them. */
  derive(derivation: Derivation): Promise<TensorIndex>;
  /**
   * The tokenizer that lies beside a text encoder's weights. Throws `missing-file` or `corrupt-checkpoint`.
   *
   * @param weights absolute path of the encoder's file
   */
  openTextTokenizer(weights: string): Promise<TextTokenizer>;
  /** Reads a whole integer tensor (i64, i32, i16, i8, u8, bool) as numbers, row-major. */
  readIntegers(entry: TensorEntry): Promise<number[]>;
}

/** How graphs for this runtime are written. */
export function targetOf(runtime: Runtime): Target {
  return runtime.provider === 'cpu' ? 'cpu' : 'gpu';
}

/** Shorthand constructors. */
export function float32(data: Float32Array, ...shape: number[]): HostTensor {
  return { type: 'float32', data, shape };
}

export function int64(values: readonly number[], ...shape: number[]): HostTensor {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), shape };
}

/** The data of a float32 output. Throws when the graph has no such output or it has another type. */
export function floats(fetches: Fetches, name: string): Float32Array {
  const tensor = fetches[name];
  if (tensor?.type !== 'float32') throw new TypeError(`The session has no float32 output '${name}'.`);
  return tensor.data;
}
