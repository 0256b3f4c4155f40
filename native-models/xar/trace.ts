/**
 * Traces of xAR: the authors' loop, both rows and unrounded, with its intermediate tensors.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { KlAutoencoder } from '../kl/kl-autoencoder.ts';
import { latentImageTensors } from '../kl/trace.ts';
import type { TraceRequest } from '../latents/latent-family.ts';
import type { NamedArray } from '../pipeline.ts';
import { guide } from '../sampling/guidance.ts';
import { sdeTimes, solveSde } from '../sampling/sde.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { checkForced, type Forced, forcedFloats, forcedIntegers, type TraceNames } from '../trace/forced-tensors.ts';
import { f32, i32, joinFloats } from '../trace/named-arrays.ts';
import { checkRunKeys, type Run, runInteger, runNumber } from '../trace/run-values.ts';
import { cellsToPlanes } from './cells.ts';
import { CELLS, cellTokens, type XarConfig } from './config.ts';
import { cellGuidance } from './settings.ts';
import type { Transformer, TransformerState } from './transformer.ts';

const RUN_KEYS = ['label', 'cfg', 'num_steps', 'torch_seed', 'B'];
const NAMES: TraceNames = {
  inputs: ['label', 'noise', 'eps'],
  results: ['net_x_cell', 'net_v_cell', 'cells', 'latent_final', 'image'],
};
/** Cells whose steps are recorded. */
const TRACED_CELLS = [0, 2];

interface TraceRun {
  readonly label: number;
  readonly cfg: number;
  readonly steps: number;
  /** (cells, L, Z) */
  readonly noise: Float64Array;
  /** (cells, steps − 1, L, Z) */
  readonly eps: Float64Array;
}

interface TracedCell {
  /** (L, Z) */
  readonly latent: Float32Array;
  /** Of each step: (L, Z), what the network is given, and (2, L, Z), what it gives. */
  readonly steps: readonly { readonly x: Float32Array; readonly velocity: Float32Array }[];
}

/** Without an autoencoder there is no image. */
export async function traceXar(
  transformer: Transformer,
  autoencoder: KlAutoencoder | undefined,
  { run, forced, signal }: TraceRequest,
): Promise<Map<string, NamedArray>> {
  const { config } = transformer;
  const traced = parseRun(run, forced, config);
  const cells = await runCells(transformer, traced, signal);
  const { channels, size } = config;
  const latents = joinFloats(cells.map(({ latent }) => latent));
  const planes = cellsToPlanes(latents, channels, size);
  const tensors = cellTensors(cells, latents, traced, config);
  tensors.set('latent_final', f32(planes, 1, channels, size, size));
  if (!autoencoder) return tensors;
  return new Map([...tensors, ...latentImageTensors(await autoencoder.decode(planes))]);
}

function parseRun(run: Run, forced: Forced, config: XarConfig): TraceRun {
  checkForced(forced, NAMES);
  checkRunKeys(run, RUN_KEYS);
  if ((run.B ?? 1) !== 1) throw new StudioError('bad-request', 'A trace runs one picture: B must be 1.');
  const { classes, positions, channels } = config;
  const label = forcedIntegers(forced, 'label', 1)?.[0] ?? runInteger(run, 'label', classes, -1, classes);
  if (label > classes) {
    throw new StudioError('unknown-label', `There is no class ${label}: the last one is ${classes - 1}.`);
  }
  const steps = runInteger(run, 'num_steps', 50, 3, 1000);
  const random = new TorchRandom(runInteger(run, 'torch_seed', 0, 0, 2 ** 32 - 1));
  const size = positions * channels;
  return {
    label: label < 0 ? classes : label,
    cfg: runNumber(run, 'cfg', 1, 0, 100),
    steps,
    noise: forcedFloats(forced, 'noise', size) ?? Float64Array.from(random.randn(size)),
    eps: forcedFloats(forced, 'eps', (steps - 1) * size) ?? Float64Array.from(random.randn((steps - 1) * size)),
  };
}

async function runCells(transformer: Transformer, run: TraceRun, signal: AbortSignal): Promise<TracedCell[]> {
  const state = transformer.begin([run.label, transformer.config.classes]);
  const cells: TracedCell[] = [];
  for (let cell = 0; cell < CELLS; cell++) {
    await state.prepare(sdeTimes(run.steps).slice(0, -1));
    const traced = await runCell(state, cell, run, signal);
    cells.push(traced);
    if (cell < CELLS - 1) await state.finish(traced.latent);
  }
  return cells;
}

/** Both rows are computed, also where the cell is not guided. */
async function runCell(state: TransformerState, cell: number, run: TraceRun, signal: AbortSignal): Promise<TracedCell> {
  const size = run.noise.length / CELLS;
  const guidance = cellGuidance(run.cfg, cell);
  const steps: { x: Float32Array; velocity: Float32Array }[] = [];
  const velocity = async (x: Float64Array, time: number) => {
    if (signal.aborted) throw new StudioError('cancelled', 'The trace was cancelled.');
    const single = Float32Array.from(x);
    const given = await state.velocity(joinFloats([single, single]), 2, time);
    steps.push({ x: single, velocity: given });
    return guidance > 1 ? guide(given, guidance) : Float64Array.from(given.subarray(0, x.length));
  };
  const noise = (step: number) => {
    const start = (cell * (run.steps - 1) + step) * size;
    return run.eps.subarray(start, start + size);
  };
  let end = run.noise.slice(cell * size, (cell + 1) * size);
  for await (const { x } of solveSde(end, run.steps, { velocity, noise, hold: () => {} })) end = Float64Array.from(x);
  return { latent: Float32Array.from(end), steps };
}

function cellTensors(
  cells: readonly TracedCell[],
  latents: Float32Array,
  { label, noise, eps, steps }: TraceRun,
  config: XarConfig,
): Map<string, NamedArray> {
  const [tokens, { channels: Z }] = [cellTokens(config), config];
  const ofSteps = TRACED_CELLS.flatMap((cell): [string, NamedArray][] => {
    const recorded = (cells[cell] as TracedCell).steps;
    return [
      [`net_x_cell${cell}`, f32(joinFloats(recorded.map(({ x }) => x)), steps, tokens, Z)],
      [`net_v_cell${cell}`, f32(joinFloats(recorded.map(({ velocity }) => velocity)), steps, 2, tokens, Z)],
    ];
  });
  return new Map<string, NamedArray>([
    ['label', i32(Int32Array.of(label), 1)],
    ['noise', f32(Float32Array.from(noise), CELLS, tokens, Z)],
    ['eps', f32(Float32Array.from(eps), CELLS, steps - 1, tokens, Z)],
    ...ofSteps,
    ['cells', f32(latents, CELLS, tokens, Z)],
  ]);
}
