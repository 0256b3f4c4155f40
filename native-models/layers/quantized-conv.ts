/**
 * 8-bit convolutions inside a float32 network: the input is quantized on the way in, the output on the way out, with
 * scales taken from the weights and from a sample of the output; no calibration data is needed.
 *
 *   x ── QuantizeLinear ──────────── QLinearConv ── DequantizeLinear ── y
 *   └── every few rows ── Conv ── max|·| ──┘ (output scale)
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, concat, conv, depthToSpace, mul, reshape, scale } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';
import { PHASES } from './upsample-conv.ts';

/** Zero point of numbers that are as often negative as positive. */
const MIDDLE = 128;
/** SiLU is never below −0.2785: eight of 255 steps are enough for what is negative. */
export const SILU_ZERO_POINT = 8;
/** The output's scale leaves this much room above the largest sampled number. */
const HEADROOM = 1.4;
/** Of so many rows, three are sampled: fewer where the image is large. */
const SAMPLE_STRIDE = { small: 8, large: 16 };
const LARGE_SIDE = 64;

/**
 * A 3×3 convolution of SiLU's output.
 *
 * @param x (B, C, H, W)
 * @param name prefix of `weight` (out, C, 3, 3) int8, `weight.scale` (out), `bias.integer` (out) int32, `bias` (out) and
 *   `input.scale` (), as `quantizedConvTensors` makes them
 */
export function quantizedConvOfSilu(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  return g.scope(name, () => {
    const kernel = quantizedKernel(weights, `${name}.weight`);
    const inputScale = weights.stored(`${name}.input.scale`);
    const input = quantize(g, x, inputScale, SILU_ZERO_POINT);
    const strain = strainOf(g, x, inputScale);
    g.note(STRAIN, strain);
    const sample = sampleConv(g, x, floatKernel(g, kernel), weights.float(`${name}.bias`));
    const outputScale = afterwards(g, scale(g, largestMagnitude(g, sample), HEADROOM / 127), strain);
    const bias = weights.stored(`${name}.bias.integer`);
    const y = integerConv(g, { input, inputScale, zeroPoint: SILU_ZERO_POINT }, kernel, outputScale, {
      pads: [1, 1, 1, 1],
      bias,
    });
    return dequantize(g, y, outputScale);
  });
}

/** conv3×3(nearest×2(x)) from its four phases (see `upsampleConv`), `name.phase.rc.weight` (out, C, 2, 2) int8 each. */
export function quantizedUpsampleConv(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  return g.scope(name, () => {
    const kernels = PHASES.map(([row, column]) => quantizedKernel(weights, `${name}.phase.${row}${column}.weight`));
    const inputScale = scale(g, largestMagnitude(g, x), 1 / 127);
    const input = quantize(g, x, inputScale, MIDDLE);
    const sample = sampleConv(g, x, outerPhases(g, kernels), undefined);
    const outputScale = scale(g, largestMagnitude(g, sample), HEADROOM / 127);
    const phases = PHASES.map(([row, column], i) =>
      integerConv(g, { input, inputScale, zeroPoint: MIDDLE }, kernels[i] as Kernel, outputScale, {
        pads: [1 - row, 1 - column, row, column],
      }),
    );
    const y = dequantize(g, depthToSpace(g, concat(g, phases, 1), 2), outputScale);
    const bias = weights.float(`${name}.bias`);
    return add(g, y, reshape(g, bias, staticDim(bias.shape[0]), 1, 1));
  });
}

/** Topic of {@link GraphBuilder.note} under which convolutions say how far their inputs reach beyond 8 bits. */
export const STRAIN = 'strain';

/** The largest input over the largest that 8 bits can hold. */
function strainOf(g: GraphBuilder, x: Value, inputScale: Value): Value {
  const scalar = { type: x.type, shape: [] };
  const largest = g.node('ReduceMax', [x], scalar, { attributes: { keepdims: 0 } });
  return g.node('Div', [largest, scale(g, inputScale, 255 - SILU_ZERO_POINT)], scalar);
}

/**
 * `value`, which is above 0, unchanged, but computed after `first`. The runtime would leave what only an output of the graph needs to the
 * end, and hold on to every image that it is taken from until then.
 */
function afterwards(g: GraphBuilder, value: Value, first: Value): Value {
  return g.node('Max', [value, g.node('Min', [first, g.floats([0])], first)], value);
}

interface Kernel {
  readonly weight: Value;
  readonly scale: Value;
}

function quantizedKernel(weights: GraphWeights, key: string): Kernel {
  return { weight: weights.stored(key), scale: weights.stored(`${key}.scale`) };
}

/** The kernel as float32; the runtime computes it when the session is made. */
function floatKernel(g: GraphBuilder, { weight, scale: steps }: Kernel): Value {
  const outputs = staticDim(weight.shape[0]);
  const numbers = g.node('Cast', [weight], { type: 'float32', shape: weight.shape }, { attributes: { to: 1 } });
  return mul(g, numbers, reshape(g, steps, outputs, 1, 1, 1));
}

/** The first and last phase's kernels, padded to 3×3 and stacked: (2·out, C, 3, 3). */
function outerPhases(g: GraphBuilder, kernels: readonly Kernel[]): Value {
  const padded = (kernel: Kernel, before: number): Value => {
    const [outputs, inputs] = kernel.weight.shape as readonly [number, number];
    const pads = g.integers([0, 0, before, before, 0, 0, 1 - before, 1 - before], 8);
    return g.node('Pad', [floatKernel(g, kernel), pads], { type: 'float32', shape: [outputs, inputs, 3, 3] });
  };
  return concat(g, [padded(kernels[0] as Kernel, 0), padded(kernels.at(-1) as Kernel, 1)], 0);
}

/** The convolution's output at every third pixel of some rows. */
function sampleConv(g: GraphBuilder, x: Value, kernel: Value, bias: Value | undefined): Value {
  const [batch, channels, height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const stride = height >= LARGE_SIDE ? SAMPLE_STRIDE.large : SAMPLE_STRIDE.small;
  const bands = Math.floor(height / stride);
  const rows = Array.from({ length: bands * 3 }, (_, i) => Math.floor(i / 3) * stride + stride / 2 - 1 + (i % 3));
  const shape = [batch, channels, rows.length, width];
  const attributes = { axis: 2 };
  const sampled = g.node('Gather', [x, g.integers(rows, rows.length)], { type: x.type, shape }, { attributes });
  return conv(g, sampled, kernel, bias, { stride: 3 });
}

function largestMagnitude(g: GraphBuilder, x: Value): Value {
  const scalar = { type: x.type, shape: [] };
  const attributes = { keepdims: 0 };
  const largest = g.node('ReduceMax', [x], scalar, { attributes });
  const smallest = g.node('ReduceMin', [x], scalar, { attributes });
  return g.node('Max', [largest, g.node('Neg', [smallest], scalar), g.floats([1e-20])], scalar);
}

function quantize(g: GraphBuilder, x: Value, step: Value, zeroPoint: number): Value {
  return g.node('QuantizeLinear', [x, step, byte(g, zeroPoint)], { type: 'uint8', shape: x.shape });
}

function dequantize(g: GraphBuilder, x: Value, step: Value): Value {
  return g.node('DequantizeLinear', [x, step, byte(g, MIDDLE)], { type: 'float32', shape: x.shape });
}

function byte(g: GraphBuilder, value: number): Value {
  return g.bytes('uint8', Uint8Array.of(value));
}

function integerConv(
  g: GraphBuilder,
  source: { input: Value; inputScale: Value; zeroPoint: number },
  kernel: Kernel,
  outputScale: Value,
  options: { pads: readonly [number, number, number, number]; bias?: Value },
): Value {
  const [batch, , height, width] = source.input.shape.map(staticDim) as [number, number, number, number];
  const [outputs, , kernelHeight, kernelWidth] = kernel.weight.shape as readonly [number, number, number, number];
  const zeros = g.bytes('int8', new Int8Array(outputs), outputs);
  const inputs = [
    source.input,
    source.inputScale,
    byte(g, source.zeroPoint),
    kernel.weight,
    kernel.scale,
    zeros,
    outputScale,
    byte(g, MIDDLE),
    ...(options.bias ? [options.bias] : []),
  ];
  const attributes = { kernel_shape: [kernelHeight, kernelWidth], pads: options.pads };
  return g.node('QLinearConv', inputs, { type: 'uint8', shape: [batch, outputs, height, width] }, { attributes });
}
