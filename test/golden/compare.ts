import { expect } from 'vitest';
import type { NamedArray } from '../../native-models/pipeline.ts';

/** A tensor of a golden case's `meta.json`. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** `equal`, `mostly-equal` (99.9 % of the bits), `abs<=N`, or `atol`; inputs have none. */
  readonly compare?: string;
  readonly atol?: number;
}

/** Fails unless the tensor has the expected shape and values. `share` multiplies the tolerance. */
export function compare(tensor: ExpectedTensor, got: NamedArray | undefined, expected: NamedArray, share = 1): void {
  expect(got?.shape, tensor.name).toEqual(tensor.shape);
  const { largest, differing } = difference(got as NamedArray, expected);
  if (tensor.compare === 'mostly-equal') {
    expect(differing / expected.data.length, `${tensor.name}: share of differing bytes`).toBeLessThan(0.001);
  } else {
    expect(largest, `${tensor.name}: largest difference`).toBeLessThanOrEqual(tolerance(tensor) * share);
  }
}

function tolerance({ compare = 'equal', atol = 0 }: ExpectedTensor): number {
  const bound = /^abs<=(.+)$/.exec(compare)?.[1];
  if (bound) return Number(bound);
  return compare === 'atol' ? atol : 0;
}

/** NaN counts as an infinite difference. */
export function difference(a: NamedArray, b: NamedArray): { largest: number; differing: number } {
  let largest = 0;
  let differing = 0;
  for (let i = 0; i < b.data.length; i++) {
    const gap = Math.abs(Number(a.data[i]) - Number(b.data[i]));
    if (gap !== 0) differing++;
    if (!(gap <= largest)) largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
  }
  return { largest, differing };
}
