/**
 * Tokens of continuous models: a token is a latent pixel, its symbols are the bits of its channels in float16.
 */
import { StudioError } from '../../app/base/errors.ts';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

/** Values of a symbol. */
export const FLOAT16_VALUES = 2 ** 16;

/** @throws not-finite when a number has no float16: the model's numbers overflowed */
export function latentToSymbols(latent: Float32Array | Float64Array): Int32Array {
  return Int32Array.from(latent, (value) => {
    const bits = toFloat16Bits(value);
    if (Number.isFinite(fromFloat16Bits(bits))) return bits;
    throw new StudioError('not-finite', 'The model gave numbers that are not finite.', {
      hint: 'Try --precision fp32, another provider, or check the checkpoint.',
    });
  });
}

export function symbolsToLatent(symbols: Int32Array): Float32Array {
  return Float32Array.from(symbols, fromFloat16Bits);
}

/** One after the other. */
export function joinSymbols(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}
