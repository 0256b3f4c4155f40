/**
 * The time of a diffusion or flow as its network sees it.
 * Source: GLIDE's `timestep_embedding`; FlowAR `models/flowmodel.py` (wangqiang9/FlowAR 5745a96), xAR `models/xar.py` (121e9c9).
 */

/** Numbers of an embedding. */
export const SINUSOIDS = 256;

const HALF = SINUSOIDS / 2;
const MAX_PERIOD = 10_000;
/** e^(−ln 10000 · j/128) as float32 arithmetic gives it. */
const FREQUENCIES = Float32Array.from({ length: HALF }, (_, j) =>
  Math.exp(Math.fround(Math.fround(-Math.log(MAX_PERIOD) * j) / HALF)),
);

/** The whole timestep, 0 … 1000, of a time in [0, 1]: the product is taken in float32 and cut off. */
export function timestep(time: number): number {
  return Math.trunc(Math.fround(Math.fround(time) * 1000));
}

/** (256): cosines, then sines, of the timestep times 128 frequencies. */
export function timestepSinusoids(step: number): Float32Array {
  const result = new Float32Array(SINUSOIDS);
  for (const [j, frequency] of FREQUENCIES.entries()) {
    const angle = Math.fround(step * frequency);
    result[j] = Math.cos(angle);
    result[HALF + j] = Math.sin(angle);
  }
  return result;
}
