/**
 * Tensors that a trace follows instead of computing them, checked.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { NamedArray } from '../pipeline.ts';

export type Forced = ReadonlyMap<string, NamedArray>;

/** A forced tensor of whole numbers. Throws `bad-request` when its shape or type is another. */
export function forcedIntegers(forced: Forced, name: string, length: number | undefined): Int32Array | undefined {
  const tensor = forced.get(name);
  if (!tensor) return undefined;
  const whole = tensor.type === 'i32' || tensor.type === 'i64' || tensor.type === 'u8';
  if (!whole || (length !== undefined && tensor.data.length !== length)) {
    throw wrongTensor(name, `whole numbers${length === undefined ? '' : `, ${length} of them`}`, tensor);
  }
  return Int32Array.from(tensor.data as ArrayLike<number>, Number);
}

/** A forced tensor of floating-point numbers. Throws `bad-request` when its shape or type is another. */
export function forcedFloats(forced: Forced, name: string, length: number): Float64Array | undefined {
  const tensor = forced.get(name);
  if (!tensor) return undefined;
  if ((tensor.type !== 'f32' && tensor.type !== 'f64') || tensor.data.length !== length) {
    throw wrongTensor(name, `${length} floating-point numbers`, tensor);
  }
  return Float64Array.from(tensor.data);
}

function wrongTensor(name: string, wanted: string, found: NamedArray): StudioError {
  const what = `${found.type} of shape (${found.shape.join(', ')})`;
  return new StudioError('bad-request', `The forced tensor '${name}' must be ${wanted}, but is ${what}.`);
}

/** The names that a family's traces know. */
export interface TraceNames {
  /** What a trace can follow. */
  readonly inputs: readonly string[];
  /** What it gives, as a whole name or the beginning of one: a recorded file may be given as it is, and these are passed over. */
  readonly results: readonly string[];
}

/**
 * Refuses tensors that nothing knows, so that a typing mistake is not silently ignored, and numbers that are not finite.
 *
 * @throws bad-request naming the unknown tensor
 * @throws not-finite naming the tensor and the element
 */
export function checkForced(forced: Forced, { inputs, results }: TraceNames): void {
  for (const [name, tensor] of forced) {
    if (!inputs.includes(name) && !results.some((result) => name.startsWith(result))) {
      throw new StudioError('bad-request', `The forced inputs have an unknown tensor '${name}'.`, {
        hint: `Inputs that can be forced: ${inputs.join(', ')}.`,
      });
    }
    if (tensor.type === 'f32' || tensor.type === 'f64') checkFinite(name, tensor.data);
  }
}

function checkFinite(name: string, values: Float32Array | Float64Array): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new StudioError('not-finite', `The forced tensor '${name}' holds ${values[bad]} at element ${bad}.`, {
    hint: 'Forced inputs must be finite numbers.',
  });
}
