/**
 * Traces of Infinity's tokenizer.
 */
import type { NamedArray } from '../pipeline.ts';
import { type Forced, forcedIntegers } from '../trace/forced-tensors.ts';
import { f32, i32, joinFloats } from '../trace/named-arrays.ts';
import { bitsPerToken, latentGrid, TOKEN_PIXELS } from './config.ts';
import { toTokens } from './patches.ts';
import type { Quantizer } from './quantizer.ts';
import type { Tokenizer } from './tokenizer.ts';

export const TRACE_NAMES = {
  inputs: ['input_u8', 'bits'],
  results: ['f', 'inputs', 'source', 'f_hats', 'image', 'image_u8'],
};

/** Both ways: a picture to bits, and the bits back. Pictures are in [−1, 1] here, and clamped. */
export async function traceBsq(
  tokenizer: Tokenizer,
  quantizer: Quantizer,
  bytes: Int32Array,
  forced: Forced,
): Promise<Map<string, NamedArray>> {
  const { config, schedule, offsets } = quantizer;
  const grid = schedule.at(-1) as (typeof schedule)[number];
  const image = Float32Array.from(bytes, (byte) => Math.fround(byte / 255) * 2 - 1);
  const latent = await tokenizer.encode(image, grid);
  const found = quantizer.quantize(latent);
  const bits = forcedIntegers(forced, 'bits', found.length) ?? found;
  const latents = quantizer.latents(bits);
  const inputs = latents.slice(0, -1).map((fHat, scale) => quantizer.nextInput(scale, fHat));
  const decoded = await tokenizer.decode(latents.at(-1) as Float32Array, grid);
  const clamped = decoded.map((value) => Math.max(-1, Math.min(1, value)));

  const [tokens, width] = [offsets.at(-1) as number, bitsPerToken(config)];
  const { rows, columns } = latentGrid(config, grid);
  const planes = [config.latentChannels, rows, columns] as const;
  const picture = [1, 3, grid.rows * TOKEN_PIXELS, grid.columns * TOKEN_PIXELS];
  return new Map<string, NamedArray>([
    ['f', f32(latent, 1, ...planes)],
    ['source', f32(toTokens(latent, grid, config), 1, grid.rows * grid.columns, width)],
    ['bits', i32(found, 1, tokens, width)],
    ['inputs', f32(joinFloats(inputs), 1, tokens - 1, width)],
    ['f_hats', f32(joinFloats(latents), latents.length, ...planes)],
    ['image', f32(clamped, ...picture)],
    ['image_u8', i32(Int32Array.from(clamped, toByte), ...picture)],
  ]);
}

/** Truncated, in float32. */
function toByte(value: number): number {
  return Math.trunc(Math.fround((Math.fround(value + 1) / 2) * 255));
}
