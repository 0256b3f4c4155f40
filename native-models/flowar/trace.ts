/**
 * Traces of FlowAR: the authors' loop to the letter, both rows and unrounded, with its intermediate tensors.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { KlAutoencoder } from '../kl/kl-autoencoder.ts';
import { latentImageTensors } from '../kl/trace.ts';
import type { TraceRequest } from '../latents/latent-family.ts';
import { toPlanes } from '../latents/planes.ts';
import type { NamedArray } from '../pipeline.ts';
import { guide } from '../sampling/guidance.ts';
import { solveOde } from '../sampling/ode.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { checkForced, type Forced, forcedFloats, forcedIntegers, type TraceNames } from '../trace/forced-tensors.ts';
import { bytes, f32, i32, joinFloats } from '../trace/named-arrays.ts';
import { checkRunKeys, type Run, runInteger, runNumber } from '../trace/run-values.ts';
import type { FlowArConfig } from './config.ts';
import type { FlowScale } from './flow-head.ts';
import type { FlowArParts } from './generate.ts';
import { nextInput } from './scale-maps.ts';
import { flowTimes, isGuided, scaleGuidance } from './schedule.ts';
import type { TransformerState } from './transformer.ts';

const RUN_KEYS = ['label', 'cfg', 'guidance_high', 'num_steps', 'torch_seed', 'traced_scale_index', 'B'];
const NAMES: TraceNames = {
  inputs: ['label', 'noise'],
  results: [
    'ar_in_cond',
    'z',
    'latents',
    'cfg_scales',
    't',
    'guided',
    'ode_x',
    'ode_v',
    'last_scale_v_step',
    'latent_final',
    'image',
  ],
};

interface TraceRun {
  readonly label: number;
  readonly cfg: number;
  readonly guidanceHigh: number;
  readonly steps: number;
  /** Scale whose steps are recorded. */
  readonly tracedScale: number;
  /** (2, L, Z) of all scales. */
  readonly noise: Float64Array;
}

/** Without an autoencoder there is no image. */
export async function traceFlowAr(
  parts: FlowArParts,
  autoencoder: KlAutoencoder | undefined,
  { run, forced, signal }: TraceRequest,
): Promise<Map<string, NamedArray>> {
  const { config } = parts.transformer;
  const traced = parseRun(run, forced, config);
  const scales = await runScales(parts, traced, signal);
  const tensors = scaleTensors(scales, traced, config);
  if (!autoencoder) return tensors;
  const planes = toPlanes((scales.at(-1) as TracedScale).latent, config.channels);
  return new Map([...tensors, ...latentImageTensors(await autoencoder.decode(planes))]);
}

function parseRun(run: Run, forced: Forced, config: FlowArConfig): TraceRun {
  checkForced(forced, NAMES);
  checkRunKeys(run, RUN_KEYS);
  if ((run.B ?? 1) !== 1) throw new StudioError('bad-request', 'A trace runs one picture: B must be 1.');
  const { classes, positions, channels, sides } = config;
  const label = forcedIntegers(forced, 'label', 1)?.[0] ?? runInteger(run, 'label', classes, -1, classes);
  if (label > classes) {
    throw new StudioError('unknown-label', `There is no class ${label}: the last one is ${classes - 1}.`);
  }
  const random = new TorchRandom(runInteger(run, 'torch_seed', 0, 0, 2 ** 32 - 1));
  return {
    label: label < 0 ? classes : label,
    cfg: runNumber(run, 'cfg', 1, 0, 100),
    guidanceHigh: runNumber(run, 'guidance_high', 0.9, 0, 1),
    steps: runInteger(run, 'num_steps', 25, 2, 1000),
    tracedScale: runInteger(run, 'traced_scale_index', Math.max(0, sides.length - 2), 0, sides.length - 1),
    noise: forcedFloats(forced, 'noise', 2 * positions * channels) ?? drawNoise(random, config),
  };
}

/** (2, L, Z): each scale's noise of both rows is drawn at once. */
function drawNoise(random: TorchRandom, { sides, positions, channels }: FlowArConfig): Float64Array {
  const noise = new Float64Array(2 * positions * channels);
  let start = 0;
  for (const side of sides) {
    const size = side * side * channels;
    const drawn = random.randn(2 * size);
    for (const row of [0, 1]) {
      noise.set(drawn.subarray(row * size, (row + 1) * size), row * positions * channels + start);
    }
    start += size;
  }
  return noise;
}

interface TracedScale {
  /** (1, L, D) */
  readonly input: Float32Array;
  /** (2, L, D) */
  readonly z: Float32Array;
  /** (L, Z) */
  readonly latent: Float32Array;
  /** Of each step: (L, Z), what the network is given of the conditional row, and (2, L, Z), what it gives. */
  readonly steps: readonly { readonly x: Float32Array; readonly velocity: Float32Array }[];
}

async function runScales(
  { transformer, head }: FlowArParts,
  run: TraceRun,
  signal: AbortSignal,
): Promise<TracedScale[]> {
  const { sides, classes, channels, width } = transformer.config;
  const state: TransformerState = await transformer.begin([run.label, classes]);
  const times = flowTimes(run.steps);
  const scales: TracedScale[] = [];
  let next: Float32Array = new Float32Array(0);
  for (const [scale, side] of sides.entries()) {
    const { input, z } = await state.step(next);
    const flow = await head.begin(scale, z, times.slice(0, -1));
    const guidance = { guidance: scaleGuidance(run.cfg, scale, sides.length), guidanceHigh: run.guidanceHigh };
    const traced = await runFlow(flow, noiseOf(run.noise, sides, scale, channels), times, guidance, signal);
    scales.push({ ...traced, input: input.slice(0, side * side * width), z: z.data as Float32Array });
    const finer = sides[scale + 1];
    if (finer) next = nextInput(traced.latent, side, finer, sides.at(-1) as number);
  }
  return scales;
}

/** (2, L, Z) of one scale. */
function noiseOf(noise: Float64Array, sides: readonly number[], scale: number, channels: number): Float64Array {
  const tokens = (side: number) => side * side * channels;
  const start = sides.slice(0, scale).reduce((sum, side) => sum + tokens(side), 0);
  const size = tokens(sides[scale] as number);
  const rows = [0, noise.length / 2].map((row) => noise.subarray(row + start, row + start + size));
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/** Both rows go their own way until they are guided; then the network is given the conditional row twice. */
async function runFlow(
  flow: FlowScale,
  noise: Float64Array,
  times: readonly number[],
  guidance: { guidance: number; guidanceHigh: number },
  signal: AbortSignal,
): Promise<Pick<TracedScale, 'latent' | 'steps'>> {
  const half = noise.length / 2;
  const steps: { x: Float32Array; velocity: Float32Array }[] = [];
  const velocity = async (state: Float64Array, time: number) => {
    if (signal.aborted) throw new StudioError('cancelled', 'The trace was cancelled.');
    const guided = isGuided(guidance, time);
    const x = Float32Array.from(state);
    if (guided) x.copyWithin(half, 0, half);
    const given = await flow.velocity(x, 2, time);
    steps.push({ x: x.slice(0, half), velocity: given });
    if (!guided) return Float64Array.from(given);
    const combined = guide(given, guidance.guidance);
    return Float64Array.from([...combined, ...combined]);
  };
  let end = noise;
  const problem = { velocity, hold: () => {}, jumps: () => false };
  for await (const { x } of solveOde(noise, times, 'euler', problem)) end = x;
  return { latent: Float32Array.from(end.subarray(0, half)), steps };
}

function scaleTensors(scales: readonly TracedScale[], run: TraceRun, config: FlowArConfig): Map<string, NamedArray> {
  const { positions, width: D, channels: Z, sides } = config;
  const size = sides.at(-1) as number;
  const times = flowTimes(run.steps).slice(0, -1);
  const guidances = sides.map((_, scale) => scaleGuidance(run.cfg, scale, sides.length));
  const guidance = { guidance: guidances[run.tracedScale] as number, guidanceHigh: run.guidanceHigh };
  const guided = times.map((time) => (isGuided(guidance, time) ? 1 : 0));
  const { steps } = scales[run.tracedScale] as TracedScale;
  const tokens = (sides[run.tracedScale] as number) ** 2;
  const last = scales.at(-1) as TracedScale;
  const bothRows = [0, 1].flatMap((row) =>
    scales.map(({ z }) => z.subarray((z.length / 2) * row, (z.length / 2) * (row + 1))),
  );
  return new Map<string, NamedArray>([
    ['label', i32(Int32Array.of(run.label), 1)],
    ['noise', f32(Float32Array.from(run.noise), 2, positions, Z)],
    ['ar_in_cond', f32(joinFloats(scales.map(({ input }) => input)), 1, positions, D)],
    ['z', f32(joinFloats(bothRows), 2, positions, D)],
    ['latents', f32(joinFloats(scales.map(({ latent }) => latent)), 1, positions, Z)],
    ['cfg_scales', f32(Float32Array.from(guidances), sides.length)],
    ['t', f32(Float32Array.from(times), times.length)],
    ['guided', bytes(Uint8Array.from(guided), times.length)],
    ['ode_x', f32(joinFloats(steps.map(({ x }) => x)), times.length, tokens, Z)],
    ['ode_v', f32(joinFloats(steps.map(({ velocity }) => velocity)), times.length, 2, tokens, Z)],
    ...[...new Set([0, 1, times.length - 1])].map((step): [string, NamedArray] => [
      `last_scale_v_step${step}`,
      f32((last.steps[step] as { velocity: Float32Array }).velocity, 2, size * size, Z),
    ]),
    ['latent_final', f32(toPlanes(last.latent, Z), 1, Z, size, size)],
  ]);
}
