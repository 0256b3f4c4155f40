/**
 * A choice at random that is the same every time.
 */

/**
 * `count` different whole numbers of 0 … total − 1, in ascending order. The time that it takes does not depend on `total`.
 *
 * Source: Floyd's sampling without replacement (Bentley and Floyd, "A Sample of Brilliance", 1987).
 */
export function chooseIndices(total: number, count: number, seed: number): number[] {
  const random = createRandom(seed);
  const chosen = new Set<number>();
  for (let last = total - Math.min(count, total); last < total; last++) {
    const index = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(index) ? last : index);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Numbers in [0, 1) with 53 random bits, of the generator SplitMix32 (Steele, Lea and Flood, 2014, with 32-bit constants). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
