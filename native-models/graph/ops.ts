/**
 * Operators as functions of a builder and values. Each checks its shapes and says what comes out.
 * Reference: the ONNX operator list, opset 21, and onnxruntime's contrib operators where the name says so.
 */
import type { ElementType, GraphBuilder, Value } from './graph-builder.ts';
import {
  broadcast,
  type Dim,
  formatShape,
  GraphError,
  normalizeAxis,
  reshapeTarget,
  type Shape,
  staticDim,
} from './shapes.ts';

type Builder = GraphBuilder;

export function add(g: Builder, a: Value, b: Value): Value {
  return elementwise(g, 'Add', a, b);
}

export function sub(g: Builder, a: Value, b: Value): Value {
  return elementwise(g, 'Sub', a, b);
}

export function mul(g: Builder, a: Value, b: Value): Value {
  return elementwise(g, 'Mul', a, b);
}

function elementwise(g: Builder, operator: string, a: Value, b: Value): Value {
  if (a.type !== b.type) throw new GraphError(`${operator}: ${a.name} is ${a.type}, ${b.name} is ${b.type}.`);
  return g.node(operator, [a, b], { type: a.type, shape: broadcast(a.shape, b.shape) });
}

export function scale(g: Builder, x: Value, factor: number): Value {
  return mul(g, x, g.floats([factor]));
}

export function exp(g: Builder, x: Value): Value {
  return g.node('Exp', [x], x);
}

/** Element-wise minimum with a number. */
export function atMost(g: Builder, x: Value, limit: number): Value {
  return g.node('Min', [x, g.floats([limit])], x);
}

export function sigmoid(g: Builder, x: Value): Value {
  return g.node('Sigmoid', [x], x);
}

/** x · sigmoid(x), as one pass (onnxruntime's QuickGelu with alpha 1). */
export function silu(g: Builder, x: Value): Value {
  return g.node('QuickGelu', [x], x, { domain: 'com.microsoft', attributes: { alpha: { float: 1 } } });
}

/** GELU by the tanh approximation, as PyTorch's `gelu(approximate='tanh')`. */
export function geluTanh(g: Builder, x: Value): Value {
  return g.node('Gelu', [x], x, { attributes: { approximate: 'tanh' } });
}

/** Exact GELU, as PyTorch's `gelu`. */
export function gelu(g: Builder, x: Value): Value {
  return g.node('Gelu', [x], x, { attributes: { approximate: 'none' } });
}

export function cast(g: Builder, x: Value, type: ElementType): Value {
  const to = { float32: 1, float16: 10, float64: 11, int64: 7, int32: 6, uint8: 2, int8: 3, bool: 9, bfloat16: 16 };
  return x.type === type ? x : g.node('Cast', [x], { type, shape: x.shape }, { attributes: { to: to[type] } });
}

export function reshape(g: Builder, x: Value, ...shape: Dim[]): Value {
  const target = reshapeTarget(x.shape, shape);
  return g.node('Reshape', [x, g.integers(target, target.length)], { type: x.type, shape });
}

/** Rows of `width` numbers in the places of `like`'s rows: its shape with another last size. */
export function reshapeLike(g: Builder, x: Value, like: Value, width: number): Value {
  const lead = like.shape.slice(0, -1);
  const unknown = lead.filter((dim) => typeof dim === 'string').length;
  if (unknown <= 1) return reshape(g, x, ...lead, width);
  const known = g.node('Shape', [like], { type: 'int64', shape: [lead.length] }, { attributes: { start: 0, end: -1 } });
  const target = concat(g, [known, g.integers([width], 1)], 0);
  return g.node('Reshape', [x, target], { type: x.type, shape: [...lead, width] });
}

export function transpose(g: Builder, x: Value, ...order: number[]): Value {
  if (order.length !== x.shape.length) throw new GraphError(`Transpose of ${formatShape(x.shape)} by ${order}.`);
  const shape = order.map((axis) => x.shape[axis] as Dim);
  return g.node('Transpose', [x], { type: x.type, shape }, { attributes: { perm: order } });
}

/** Joins along an axis; `total` names the joined size when a part's size is not known yet. */
export function concat(g: Builder, parts: readonly Value[], axis: number, total?: Dim): Value {
  const [first] = parts;
  if (!first) throw new GraphError('Concat of nothing.');
  const at = normalizeAxis(axis, first.shape.length);
  for (const part of parts) {
    const fits = part.shape.every((dim, index) => index === at || dim === first.shape[index]);
    if (!fits) throw new GraphError(`Concat of ${formatShape(first.shape)} and ${formatShape(part.shape)} at ${at}.`);
  }
  const joined = total ?? parts.reduce((sum, part) => sum + staticDim(part.shape[at]), 0);
  const shape = first.shape.map((dim, index) => (index === at ? joined : dim));
  return g.node('Concat', [...parts], { type: first.type, shape }, { attributes: { axis: at } });
}

/** Cuts into equal parts along an axis. */
export function split(g: Builder, x: Value, parts: number, axis: number): Value[] {
  const at = normalizeAxis(axis, x.shape.length);
  const size = staticDim(x.shape[at]);
  if (size % parts !== 0) throw new GraphError(`${size} does not split into ${parts}.`);
  const shape = x.shape.map((dim, index) => (index === at ? size / parts : dim));
  const results = Array.from({ length: parts }, () => ({ type: x.type, shape }));
  return g.nodeWithOutputs('Split', [x], results, { attributes: { axis: at, num_outputs: parts } });
}

/**
 * Cuts along an axis into parts whose sizes are known at run time.
 *
 * @param lengths a name for each part's size
 * @param sizes (parts) int64
 */
export function splitInto(g: Builder, x: Value, lengths: readonly Dim[], sizes: Value, axis: number): Value[] {
  const at = normalizeAxis(axis, x.shape.length);
  const results = lengths.map((length) => ({
    type: x.type,
    shape: x.shape.map((dim, index) => (index === at ? length : dim)),
  }));
  return g.nodeWithOutputs('Split', [x, sizes], results, { attributes: { axis: at } });
}

/** Elements `start` … `end` − 1 along an axis. */
export function slice(g: Builder, x: Value, axis: number, start: number, end: number): Value {
  const at = normalizeAxis(axis, x.shape.length);
  const shape = x.shape.map((dim, index) => (index === at ? end - start : dim));
  const inputs = [x, g.integers([start], 1), g.integers([end], 1), g.integers([at], 1)];
  return g.node('Slice', inputs, { type: x.type, shape });
}

/** Rows of a table, `table[indices]`, or the same along another axis. */
export function gather(g: Builder, table: Value, indices: Value, axis = 0): Value {
  const shape = [...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)];
  return g.node('Gather', [table, indices], { type: table.type, shape }, { attributes: { axis } });
}

export function matmul(g: Builder, a: Value, b: Value): Value {
  if (a.shape.at(-1) !== b.shape.at(-2)) {
    throw new GraphError(`MatMul of ${formatShape(a.shape)} and ${formatShape(b.shape)}.`);
  }
  const lead = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return g.node('MatMul', [a, b], { type: a.type, shape: [...lead, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim] });
}

/** x·Wᵀ + b of a matrix (rows, in) with a weight (out, in), the layout of PyTorch's Linear. */
export function gemm(g: Builder, x: Value, weight: Value, bias?: Value): Value {
  const [rows, inputs] = x.shape;
  if (x.shape.length !== 2 || weight.shape[1] !== inputs) {
    throw new GraphError(`Gemm of ${formatShape(x.shape)} with a weight ${formatShape(weight.shape)}.`);
  }
  const shape = [rows as Dim, weight.shape[0] as Dim];
  return g.node('Gemm', bias ? [x, weight, bias] : [x, weight], { type: x.type, shape }, { attributes: { transB: 1 } });
}

export function softmax(g: Builder, x: Value): Value {
  return g.node('Softmax', [x], x, { attributes: { axis: -1 } });
}

/** Mean over axes, kept as size 1. */
export function mean(g: Builder, x: Value, ...axes: number[]): Value {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return g.node('ReduceMean', [x, g.integers(axes, axes.length)], { type: x.type, shape });
}

/** Sum of squares over the last axis, kept as size 1. */
export function sumOfSquares(g: Builder, x: Value): Value {
  const shape = [...x.shape.slice(0, -1), 1];
  return g.node('ReduceSumSquare', [x, g.integers([-1], 1)], { type: x.type, shape });
}

/** Layer normalisation over the last axis without learned scale and shift. */
export function layerNorm(g: Builder, x: Value, epsilon: number): Value {
  const width = staticDim(x.shape.at(-1));
  const ones = g.floats(new Float32Array(width).fill(1), width);
  return g.node('LayerNormalization', [x, ones], x, { attributes: { axis: -1, epsilon: { float: epsilon } } });
}

export interface ConvOptions {
  readonly stride?: number;
  /** Zeros added at the top, left, bottom and right. */
  readonly pads?: readonly [number, number, number, number];
}

/** Two-dimensional convolution of (B, in, H, W) with a weight (out, in, kh, kw). */
export function conv(g: Builder, x: Value, weight: Value, bias: Value | undefined, options: ConvOptions = {}): Value {
  const { stride = 1, pads = [0, 0, 0, 0] } = options;
  const [batch, channels, height, width] = x.shape;
  const [outputs, inputs, kernelHeight, kernelWidth] = weight.shape;
  if (channels !== inputs) throw new GraphError(`Conv of ${formatShape(x.shape)} with ${formatShape(weight.shape)}.`);
  const size = (dim: Dim | undefined, kernel: Dim | undefined, pad: number): Dim =>
    typeof dim === 'number'
      ? Math.floor((dim + pad - staticDim(kernel)) / stride) + 1
      : convolvedDim(dim, kernel, stride);
  const shape: Shape = [
    batch as Dim,
    outputs as Dim,
    size(height, kernelHeight, pads[0] + pads[2]),
    size(width, kernelWidth, pads[1] + pads[3]),
  ];
  const attributes = {
    kernel_shape: [staticDim(kernelHeight), staticDim(kernelWidth)],
    strides: [stride, stride],
    pads,
  };
  return g.node('Conv', bias ? [x, weight, bias] : [x, weight], { type: x.type, shape }, { attributes });
}

/** A size that is only known at run time stays itself under a 1×1 convolution, the only one that graphs need there. */
function convolvedDim(dim: Dim | undefined, kernel: Dim | undefined, stride: number): Dim {
  if (kernel !== 1 || stride !== 1) throw new GraphError(`A ${kernel}-wide convolution needs to know '${dim}'.`);
  return dim as Dim;
}

/**
 * Transposed convolution of (B, in, H, W) with a weight (in, out, stride, stride), whose kernels do not overlap.
 * Returns (B, out, stride·H, stride·W).
 */
export function transposedConv(g: Builder, x: Value, weight: Value, stride: number): Value {
  const [batch, channels, height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const [inputs, outputs, ...kernel] = weight.shape.map(staticDim) as [number, number, number, number];
  if (channels !== inputs || kernel.some((side) => side !== stride)) {
    throw new GraphError(`ConvTranspose of ${formatShape(x.shape)} with ${formatShape(weight.shape)} by ${stride}.`);
  }
  const attributes = { kernel_shape: kernel, strides: [stride, stride] };
  const shape = [batch, outputs, height * stride, width * stride];
  return g.node('ConvTranspose', [x, weight], { type: x.type, shape }, { attributes });
}

/** Moves channels into space: (B, factor²·C, H, W) → (B, C, factor·H, factor·W); the first channels fill the even pixels. */
export function depthToSpace(g: Builder, x: Value, factor: number): Value {
  const [batch, channels, height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const shape = [batch, channels / factor ** 2, height * factor, width * factor];
  return g.node('DepthToSpace', [x], { type: x.type, shape }, { attributes: { blocksize: factor, mode: 'DCR' } });
}

/** Index of the smallest element along the last axis; the first one when there are several. */
export function argMin(g: Builder, x: Value): Value {
  const shape = x.shape.slice(0, -1);
  return g.node('ArgMin', [x], { type: 'int64', shape }, { attributes: { axis: -1, keepdims: 0 } });
}

export function clamp(g: Builder, x: Value, low: number, high: number): Value {
  return g.node('Clip', [x, g.floats([low]), g.floats([high])], x);
}
