/**
 * xAR's loop over the cells.
 * Source: xAR paper §3; `sample_tokens` in `models/xar.py`, `models/sampler.py` (OliverRensu/xAR 121e9c9).
 *
 * The authors' first call of a cell has the finished cell before it too, under a mask that hides the new cell from the finished
 * one. Here the finished cell goes through alone, once, and leaves its keys and values: the same numbers without a mask.
 */
import { holdKnown, isWhollyKnown, type KnownTokens, knownTokens } from '../latents/known-tokens.ts';
import type { FlowLook, LatentRequest, LatentStep } from '../latents/latent-family.ts';
import { latentToSymbols, symbolsToLatent } from '../latents/latent-tokens.ts';
import { guide } from '../sampling/guidance.ts';
import { type SdeProblem, sdeTimes, solveSde } from '../sampling/sde.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { CELLS, cellTokens } from './config.ts';
import { cellGuidance, cellSteps, type XarSettings } from './settings.ts';
import type { Transformer, TransformerState } from './transformer.ts';

/** Yields after every step and after every cell. A cell is rounded to float16 when it is done, and the rounded one goes on. */
export async function* generateCells(
  transformer: Transformer,
  { label, seed, settings, kept }: LatentRequest<XarSettings>,
): AsyncGenerator<LatentStep | FlowLook> {
  const { config } = transformer;
  const tokens = cellTokens(config);
  const random = new TorchRandom(seed);
  const state = transformer.begin(settings.cfg > 1 ? [label, config.classes] : [label]);
  for (const [cell, steps] of cellSteps(settings).entries()) {
    const known = knownTokens(kept, cell * tokens, tokens, config.channels);
    const noises = drawNoises(random, tokens * config.channels, steps);
    const times = isWhollyKnown(known) ? [] : sdeTimes(steps).slice(0, -1);
    await state.prepare(times);
    const run = { cell, steps, known, noises, guidance: cellGuidance(settings.cfg, cell) };
    const sampled = isWhollyKnown(known) ? known.latent : yield* sampleCell(state, run);
    const symbols = latentToSymbols(sampled);
    const latent = symbolsToLatent(symbols);
    yield { kind: 'step', step: cell, latent, symbols };
    if (cell < CELLS - 1) await state.finish(latent);
  }
}

interface Noises {
  readonly start: Float32Array;
  readonly steps: readonly Float32Array[];
}

/** All of a cell's random numbers, whether it needs them or not: the cells after it get the same ones. */
function drawNoises(random: TorchRandom, size: number, steps: number): Noises {
  return { start: random.randn(size), steps: Array.from({ length: steps - 1 }, () => random.randn(size)) };
}

interface CellRun {
  readonly cell: number;
  readonly steps: number;
  readonly known: KnownTokens | undefined;
  readonly noises: Noises;
  readonly guidance: number;
}

async function* sampleCell(state: TransformerState, run: CellRun): AsyncGenerator<FlowLook, Float64Array> {
  const { cell, steps, noises } = run;
  let x: Float64Array = Float64Array.from(noises.start);
  let calls = 0;
  for await (const done of solveSde(x, steps, cellProblem(state, run))) {
    x = done.x;
    yield { kind: 'look', step: cell, done: ++calls, of: steps, expected: done.expected };
  }
  return x;
}

/** An unguided cell needs the conditional row alone. */
function cellProblem(state: TransformerState, { known, noises, guidance }: CellRun): SdeProblem {
  return {
    velocity: async (x, time) => {
      if (guidance <= 1) return Float64Array.from(await state.velocity(Float32Array.from(x), 1, time));
      const rows = new Float32Array(2 * x.length);
      rows.set(x);
      rows.set(x, x.length);
      return guide(await state.velocity(rows, 2, time), guidance);
    },
    noise: (step) => noises.steps[step] as Float32Array,
    hold: (x, time) => {
      if (known) holdKnown(x, known, noises.start, time);
    },
  };
}
