/**
 * FlowAR's loop over the scales.
 * Source: FlowAR paper §3; `sample_tokens` in `models/flowar.py`, `models/sampler.py` (wangqiang9/FlowAR 5745a96).
 */
import { holdKnown, isWhollyKnown, type KnownTokens, knownTokens } from '../latents/known-tokens.ts';
import type { FlowLook, LatentRequest, LatentStep } from '../latents/latent-family.ts';
import { latentToSymbols, symbolsToLatent } from '../latents/latent-tokens.ts';
import { guide } from '../sampling/guidance.ts';
import { callTimes, type OdeProblem, solveOde } from '../sampling/ode.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import type { FlowHead, FlowScale } from './flow-head.ts';
import { nextInput } from './scale-maps.ts';
import { isGuided, scaleGuidance, scaleTimes } from './schedule.ts';
import type { FlowArSettings } from './settings.ts';
import type { Transformer, TransformerState } from './transformer.ts';

export interface FlowArParts {
  readonly transformer: Transformer;
  readonly head: FlowHead;
  dispose(): Promise<void>;
}

/**
 * Yields after every step of every flow, and after every scale, coarse to fine. A scale is rounded to float16 when it is done,
 * and the rounded one goes on: so a run decodes, goes on and branches from its own tokens to the bit.
 */
export async function* generateScales(
  parts: FlowArParts,
  options: LatentRequest<FlowArSettings>,
): AsyncGenerator<LatentStep | FlowLook> {
  const { sides, channels, classes } = parts.transformer.config;
  const { label, settings } = options;
  const random = new TorchRandom(options.seed);
  const state = await parts.transformer.begin(settings.cfg > 1 ? [label, classes] : [label]);
  const times = scaleTimes(sides.length, settings);
  let input: Float32Array = new Float32Array(0);
  let start = 0;
  for (const [scale, side] of sides.entries()) {
    const size = side * side * channels;
    // As the authors draw it: the second half is for the unconditional row, which has no use for it.
    const noise = random.randn(2 * size).subarray(0, size);
    const known = knownTokens(options.kept, start, side * side, channels);
    const run: ScaleRun = { scale, input, noise, known, times: times[scale] as number[] };
    const sampled = yield* sampleScale(parts, state, run, settings);
    const symbols = latentToSymbols(sampled);
    const latent = symbolsToLatent(symbols);
    yield { kind: 'step', step: scale, latent, symbols };
    const next = sides[scale + 1];
    if (next) input = nextInput(latent, side, next, sides.at(-1) as number);
    start += side * side;
  }
}

interface ScaleRun {
  readonly scale: number;
  /** The scale before at this one's size, (L, Z). */
  readonly input: Float32Array;
  readonly noise: Float32Array;
  readonly known: KnownTokens | undefined;
  readonly times: readonly number[];
}

/** Returns the scale's latent, (L, Z). A scale that is wholly known only leaves its keys and values. */
async function* sampleScale(
  { transformer, head }: FlowArParts,
  state: TransformerState,
  { scale, input, noise, known, times }: ScaleRun,
  settings: FlowArSettings,
): AsyncGenerator<FlowLook, Float32Array | Float64Array> {
  const { sides } = transformer.config;
  const wholly = isWhollyKnown(known);
  if (wholly && scale === sides.length - 1) return known.latent;
  const { z } = await state.step(input);
  if (wholly) return known.latent;
  const flow = await head.begin(scale, z, callTimes(times, settings.solver));
  const guidance = scaleGuidance(settings.cfg, scale, sides.length);
  const problem = flowProblem(flow, { noise, known, guidance, guidanceHigh: settings.guidanceHigh });
  let x: Float64Array = Float64Array.from(noise);
  let calls = 0;
  for await (const done of solveOde(x, times, settings.solver, problem)) {
    x = done.x;
    yield { kind: 'look', step: scale, done: ++calls, of: times.length - 1, expected: done.expected };
  }
  return x;
}

/** An unguided step needs the conditional row alone. */
function flowProblem(
  flow: FlowScale,
  scale: { noise: Float32Array; known: KnownTokens | undefined; guidance: number; guidanceHigh: number },
): OdeProblem {
  const { noise, known } = scale;
  return {
    velocity: async (x, time) => {
      if (!isGuided(scale, time)) return Float64Array.from(await flow.velocity(Float32Array.from(x), 1, time));
      const rows = new Float32Array(2 * x.length);
      rows.set(x);
      rows.set(x, x.length);
      return guide(await flow.velocity(rows, 2, time), scale.guidance);
    },
    hold: (x, time) => {
      if (known) holdKnown(x, known, noise, time);
    },
    jumps: (from, to) => isGuided(scale, from) !== isGuided(scale, to),
  };
}
