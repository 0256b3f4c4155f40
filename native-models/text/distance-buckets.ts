/**
 * T5's relative positions.
 * Source: Raffel et al., arXiv 1910.10683 §2.1; `_relative_position_bucket` of transformers `models/t5`.
 */

/** Distances from here on share the last bucket. */
const FARTHEST = 128;

/**
 * The bucket of each pair of positions, both ways: near distances have one each, farther ones share them logarithmically.
 *
 * @returns (length, length), row: the token that looks; column: the one that is looked at
 */
export function distanceBuckets(length: number, buckets: number): number[] {
  const side = buckets / 2;
  return Array.from({ length: length * length }, (_, i) => {
    const distance = (i % length) - Math.floor(i / length);
    return (distance > 0 ? side : 0) + bucketOf(Math.abs(distance), side);
  });
}

function bucketOf(distance: number, side: number): number {
  const exact = side / 2;
  if (distance < exact) return distance;
  const share = Math.log(distance / exact) / Math.log(FARTHEST / exact);
  return Math.min(side - 1, exact + Math.floor(Math.fround(share * (side - exact))));
}
