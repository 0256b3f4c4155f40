/**
 * The 8-bit form of an autoencoder's decoder: its 3×3 convolutions from 16×16 pixels up, which are nearly all of its work.
 * The first and last convolution, attention and 1×1 convolutions stay as they are.
 */
import { SILU_ZERO_POINT } from '../layers/quantized-conv.ts';
import { PHASES, phaseTaps } from '../layers/upsample-conv.ts';
import { copied, type DerivedTensor, type TensorReader } from '../weights/derived-tensor.ts';
import { quantizeRows, rowScales } from '../weights/quantize.ts';
import type { TensorEntry, TensorIndex } from '../weights/tensor-entry.ts';

/** Below this side a convolution is too small to gain, and its output too small to be sampled. */
const MIN_SIDE = 16;
/** SiLU's input is normal with mean β and deviation γ: what is beyond this many deviations is clipped. */
const DEVIATIONS = 6;
/** Sums of products need the rest of 32 bits. */
const MAX_BIAS_STEPS = 2 ** 30;
/** The smallest value of SiLU. */
const SILU_MINIMUM = 0.2785;

/** @param sideOf the shorter side of the image that a tensor's level works on; undefined for tensors of no level */
export function quantizedDecoder(
  index: TensorIndex,
  sideOf: (name: string) => number | undefined,
  reader: TensorReader,
): DerivedTensor[] {
  return [...index.entries.values()]
    .filter(({ name }) => name.startsWith('decoder.') || name.startsWith('post_quant_conv.'))
    .flatMap((entry) => {
      if ((sideOf(entry.name) ?? 0) < MIN_SIDE) return copied(entry, reader);
      if (/\.conv[12]\.weight$/.test(entry.name)) return convTensors(index, entry, reader);
      if (/\.upsample\.conv\.weight$/.test(entry.name)) return upsampleTensors(entry, reader);
      return copied(entry, reader);
    });
}

function convTensors(index: TensorIndex, entry: TensorEntry, reader: TensorReader): DerivedTensor[] {
  const name = entry.name.slice(0, -'.weight'.length);
  const outputs = entry.shape[0] as number;
  const norm = name.replace(/conv([12])$/, 'norm$1');
  const read = (key: string) => reader.readFloats(index.entries.get(key) as TensorEntry);
  const inputScale = async () => siluScale(await read(`${norm}.weight`), await read(`${norm}.bias`));
  const scales = async () =>
    roomForBias(rowScales(await reader.readFloats(entry), outputs), await read(`${name}.bias`), await inputScale());
  return [
    {
      name: entry.name,
      type: 'i8',
      shape: entry.shape,
      produce: async () => quantizeRows(await reader.readFloats(entry), await scales()),
    },
    { name: `${entry.name}.scale`, type: 'f32', shape: [outputs], produce: scales },
    { name: `${name}.input.scale`, type: 'f32', shape: [], produce: async () => Float32Array.of(await inputScale()) },
    {
      name: `${name}.bias.integer`,
      type: 'i32',
      shape: [outputs],
      produce: async () => integerBias(await read(`${name}.bias`), await scales(), await inputScale()),
    },
  ];
}

/** A row of weights near 0 has so small a scale that its bias would not fit 32 bits: then the bias decides. */
function roomForBias(scales: Float32Array, bias: Float32Array, inputScale: number): Float32Array {
  return scales.map((scale, output) => Math.max(scale, Math.abs(bias[output]!) / (inputScale * MAX_BIAS_STEPS)));
}

/** The step of SiLU(x·γ + β) for normal x, whose smallest value gets the zero point's steps. */
function siluScale(gamma: Float32Array, beta: Float32Array): number {
  let largest = 0;
  for (const [c, gain] of gamma.entries())
    largest = Math.max(largest, Math.abs(beta[c]!) + DEVIATIONS * Math.abs(gain));
  return Math.fround(Math.max(largest / (255 - SILU_ZERO_POINT), SILU_MINIMUM / SILU_ZERO_POINT));
}

function integerBias(bias: Float32Array, scales: Float32Array, inputScale: number): Int32Array {
  return Int32Array.from(bias, (value, output) => Math.round(value / (scales[output]! * inputScale)));
}

/** The four 2×2 kernels of nearest doubling and a 3×3 convolution. */
function upsampleTensors(entry: TensorEntry, reader: TensorReader): DerivedTensor[] {
  const name = entry.name.slice(0, -'.weight'.length);
  const [outputs, inputs] = entry.shape as readonly [number, number];
  return PHASES.flatMap(([row, column]): DerivedTensor[] => {
    const key = `${name}.phase.${row}${column}.weight`;
    const kernel = async () => phaseTaps(await reader.readFloats(entry), row, column);
    return [
      {
        name: key,
        type: 'i8',
        shape: [outputs, inputs, 2, 2],
        produce: async () => {
          const weight = await kernel();
          return quantizeRows(weight, rowScales(weight, outputs));
        },
      },
      { name: `${key}.scale`, type: 'f32', shape: [outputs], produce: async () => rowScales(await kernel(), outputs) },
    ];
  });
}
