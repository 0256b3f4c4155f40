/**
 * Sessions of onnxruntime.
 *
 * Facts that this rests on (onnxruntime-node 1.30): creating and running block the thread, on a later turn of the event
 * loop than the call; weights of external data are mapped, at any offset, and a weight that is repacked for a matrix
 * product is let go of page by page, so that a model needs its size in memory once; outputs are fresh buffers.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../../app/base/errors.ts';
import type { OnnxModel } from '../../../native-models/graph/onnx-model.ts';
import type { Feeds, Fetches, HostTensor, Provider, Session, SessionOptions } from '../../../native-models/runtime.ts';
import { wrapOrtError } from './ort-errors.ts';
import { sessionThreads } from './threads.ts';

const LOG_ERRORS = 3;

export interface OrtOptions extends SessionOptions {
  /** As the machine has cores when left out. */
  readonly threads?: number | undefined;
}

/**
 * A session on exactly this provider (with the CPU for operators that it lacks).
 *
 * @throws StudioError `session-failed`, `out-of-memory`
 */
export async function createOrtSession(
  model: OnnxModel,
  provider: Provider,
  options: OrtOptions = {},
): Promise<Session> {
  try {
    const session = await InferenceSession.create(model.bytes, ortOptions(provider, model.folder, options));
    return new OrtSession(model.name, session);
  } catch (error) {
    throw wrapOrtError(error, model.name, [`provider: ${provider}`, `folder: ${model.folder ?? 'none'}`]);
  }
}

function ortOptions(
  provider: Provider,
  folder: string | undefined,
  { once = false, threads = sessionThreads() }: OrtOptions,
): InferenceSession.SessionOptions {
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    graphOptimizationLevel: once ? 'extended' : 'all',
    intraOpNumThreads: threads,
    // One block of the size of all buffers: hundreds of megabytes more, and no quicker.
    enableMemPattern: false,
    logSeverityLevel: LOG_ERRORS,
    extra: {
      session: {
        ...(once ? { disable_prepacking: '1' } : {}),
        // Spinning workers gain nothing here, and cost much where other programs want the processors too.
        intra_op: { allow_spinning: '0' },
        // Keeps one DequantizeLinear for each tensor: the quantized graphs are written as they are to run.
        disable_quant_qdq: '1',
        // Where the external data of a graph that comes as bytes lies. Without it the working directory is searched, and
        // external tensors of less than 128 bytes are refused.
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
      },
    },
  };
}

class OrtSession implements Session {
  readonly #name: string;
  #session: InferenceSession | undefined;

  constructor(name: string, session: InferenceSession) {
    this.#name = name;
    this.#session = session;
  }

  async run(feeds: Feeds, wanted?: readonly string[]): Promise<Fetches> {
    const session = this.#session;
    if (!session) throw new StudioError('internal', `Session ${this.#name} is used after it was put away.`);
    try {
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(tensor)]);
      const outputs = await session.run(Object.fromEntries(inputs), [...(wanted ?? session.outputNames)]);
      const fetches = Object.entries(outputs).map(([name, value]) => [name, toHostTensor(name, value)]);
      return Object.fromEntries(fetches);
    } catch (error) {
      const given = Object.entries(feeds).map(
        ([name, { type, shape }]) => `given: ${name} ${type} (${shape.join(', ')})`,
      );
      throw wrapOrtError(error, this.#name, [...session.inputMetadata.map(describeInput), ...given]);
    }
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}

function toOrtTensor({ type, data, shape }: HostTensor): Tensor {
  if (type === 'float32') return new Tensor(type, data, shape);
  if (type === 'int64') return new Tensor(type, data, shape);
  return new Tensor(type, data, shape);
}

function toHostTensor(
  name: string,
  { type, data, dims: shape }: InferenceSession.OnnxValueMapType[string],
): HostTensor {
  if (type === 'float32') return { type, data: data as Float32Array, shape };
  if (type === 'int64') return { type, data: data as BigInt64Array, shape };
  if (type === 'int32') return { type, data: data as Int32Array, shape };
  throw new TypeError(`Output ${name} is of type ${type}; only float32, int64 and int32 leave a session.`);
}

function describeInput(input: InferenceSession.ValueMetadata): string {
  return input.isTensor ? `wants: ${input.name} ${input.type} (${input.shape.join(', ')})` : `wants: ${input.name}`;
}
