/**
 * Shapes whose sizes may be known only at run time.
 */

/** A size, or the name of one that is known at run time, such as `tokens`. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** A graph that cannot be: shapes or types that do not fit. A bug of whoever builds the graph. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

export function formatShape(shape: Shape): string {
  return `(${shape.join(', ')})`;
}

/** Throws when the size is not known yet. */
export function staticDim(dim: Dim | undefined): number {
  if (typeof dim !== 'number') throw new GraphError(`Size '${dim}' must be known when the graph is built.`);
  return dim;
}

/** NumPy broadcasting: sizes are equal, or one of them is 1. */
export function broadcast(a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new GraphError(`${formatShape(a)} and ${formatShape(b)} do not broadcast: ${left} is not ${right}.`);
  });
}

/** An axis counted from the front; negative ones count from the end. */
export function normalizeAxis(axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis;
  if (result < 0 || result >= rank) throw new GraphError(`Axis ${axis} is outside rank ${rank}.`);
  return result;
}

/**
 * The target of an ONNX Reshape: known sizes as they are, an unknown size that stands at the same place in the source
 * as 0 (copied), and at most one other unknown as −1 (computed).
 */
export function reshapeTarget(source: Shape, target: Shape): number[] {
  let inferred: Dim | undefined;
  const sizes = target.map((dim, axis) => {
    if (typeof dim === 'number') return dim;
    if (source[axis] === dim) return 0;
    if (inferred !== undefined) {
      throw new GraphError(`${formatShape(source)} -> ${formatShape(target)}: '${inferred}' and '${dim}' are unknown.`);
    }
    inferred = dim;
    return -1;
  });
  checkElementCount(source, target);
  return sizes;
}

function checkElementCount(source: Shape, target: Shape): void {
  const count = (shape: Shape) => shape.reduce<number>((n, dim) => (typeof dim === 'number' ? n * dim : n), 1);
  const unknown = (shape: Shape) =>
    shape
      .filter((dim) => typeof dim === 'string')
      .sort()
      .join();
  if (unknown(source) === unknown(target) && count(source) !== count(target)) {
    throw new GraphError(`${formatShape(source)} cannot be reshaped to ${formatShape(target)}.`);
  }
}
