/**
 * Intermediate tensors of a run, under the names that the family's README lists.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { KeptTokens, SettingSpec, Settings } from '../../app/generation/request.ts';
import { latentGrid } from '../bsq/config.ts';
import { toTokens } from '../bsq/patches.ts';
import { tokenOffsets } from '../bsq/schedules.ts';
import type { NamedArray } from '../pipeline.ts';
import { throwIfCancelled } from '../request-checks.ts';
import { checkForced, type Forced, forcedFloats, forcedIntegers, type TraceNames } from '../trace/forced-tensors.ts';
import { f32, i32, joinFloats } from '../trace/named-arrays.ts';
import { type Run, runInteger } from '../trace/run-values.ts';
import { generateScales, type ScaleStep } from './generate.ts';
import type { Layout } from './layout.ts';
import type { InfinityModel } from './model.ts';
import type { ModelParts } from './model-parts.ts';
import { isGuided, type ParsedSettings, parseSettings, scaleSampling } from './settings.ts';
import type { ScaleOutput, TransformerState } from './transformer.ts';

export interface TraceParts {
  readonly model: InfinityModel;
  readonly parts: ModelParts;
  readonly specs: readonly SettingSpec[];
  readonly layoutOf: (settings: ParsedSettings) => Layout;
}

export interface TraceRequest {
  readonly run: Run;
  readonly forced: Forced;
  readonly signal: AbortSignal;
}

const TRACE_NAMES: TraceNames = {
  inputs: ['bits', 'source_latents', 'source_rows', 'logits_rows'],
  results: ['ids', 'text_features', 'logits', 'logits_cond_uncond', 'blocks_', 'x_s', 'f_hat'],
};
/** Scales of which everything is recorded. */
const RAW_SCALES = 4;
const BLOCK_SCALES = [0, 2];
const INPUT_SCALES = [1, 4];
/** Of latents beyond so many rows, every fourth row and column is recorded. */
const WHOLE_ROWS = 64;
const THINNING = 4;

export async function traceModel(
  { model, parts, specs, layoutOf }: TraceParts,
  { run, forced, signal }: TraceRequest,
): Promise<Map<string, NamedArray>> {
  checkForced(forced, TRACE_NAMES);
  const { prompt = '', seed: _, ...rest } = run;
  if (typeof prompt !== 'string') throw new StudioError('bad-request', 'prompt of the run must be a text.');
  const settings = parseSettings(specs, rest as Settings);
  const layout = layoutOf(settings);
  const sampling = scaleSampling(settings, layout.schedule.length);
  const rows = isGuided(sampling) ? 2 : 1;
  const features = await parts.features(prompt, rows);
  const transformer = await parts.loadTransformer(true);
  try {
    const state = await transformer.begin(features, layout);
    const recorder = new Recorder(model, layout, rows);
    if (model.task.edits) recorder.source(await takeSource(state, model, layout, forced), forced);
    const kept = forcedBits(forced, parts.bits, layout);
    const choices = {
      schedule: layout.schedule,
      bits: parts.bits,
      seed: runInteger(run, 'seed', 0, 0, 2 ** 32 - 1),
      sampling,
      kept,
    };
    for await (const step of generateScales(state, parts.quantizer(layout.schedule), choices)) {
      throwIfCancelled(signal);
      recorder.step(step);
    }
    const { ids } = await parts.prompts.read(prompt);
    const words = (features.data as Float32Array).subarray(0, features.data.length / rows);
    return new Map<string, NamedArray>([
      ['ids', i32(Int32Array.from(ids), 1, ids.length)],
      ['text_features', f32(words, 1, ids.length, words.length / ids.length)],
      ...recorder.tensors(forcedIntegers(forced, 'logits_rows', undefined)),
    ]);
  } finally {
    await transformer.dispose();
  }
}

async function takeSource(
  state: TransformerState,
  model: InfinityModel,
  { schedule }: Layout,
  forced: Forced,
): Promise<Pick<ScaleOutput, 'blocks'>> {
  const { config } = model.tokenizer;
  const grid = schedule.at(-1)!;
  const { rows, columns } = latentGrid(config, grid);
  const latent = forcedFloats(forced, 'source_latents', config.latentChannels * rows * columns);
  if (latent) return state.takeSource(toTokens(Float32Array.from(latent), grid, config));
  throw new StudioError('bad-request', 'A trace of an edit needs its source: force `source_latents`, (1, d, H, W).');
}

/** `bits` (1, N, bits/8), most significant bit first, as tokens that are all kept. */
function forcedBits(forced: Forced, bits: number, { schedule }: Layout): KeptTokens | undefined {
  const count = tokenOffsets(schedule).at(-1) as number;
  const packed = forcedIntegers(forced, 'bits', (count * bits) / 8);
  if (!packed) return undefined;
  const tokens = Int32Array.from({ length: count * bits }, (_, i) => ((packed[i >> 3] as number) >> (7 - (i & 7))) & 1);
  return { tokens, mask: new Uint8Array(count).fill(1) };
}

/** Collects what the scales of a run gave. */
class Recorder {
  readonly #model: InfinityModel;
  readonly #layout: Layout;
  readonly #rows: number;
  readonly #tensors: [string, NamedArray][] = [];
  readonly #logits: Float32Array[] = [];
  readonly #raw: Float32Array[] = [];
  readonly #bits: Int32Array[] = [];
  #latent: Float32Array = new Float32Array(0);

  /** @param rows 2 with guidance */
  constructor(model: InfinityModel, layout: Layout, rows: number) {
    this.#model = model;
    this.#layout = layout;
    this.#rows = rows;
  }

  source({ blocks }: Pick<ScaleOutput, 'blocks'>, forced: Forced): void {
    const { rows: height, columns } = this.#layout.schedule.at(-1)!;
    const wanted = forcedIntegers(forced, 'source_rows', undefined) ?? Int32Array.of(0);
    const C = this.#model.transformer.config.width;
    const picked = blocks.flatMap((block) =>
      Array.from({ length: this.#rows }, (_, row) => pickRows(block, C, wanted, row * height * columns)),
    );
    this.#tensors.push(['blocks_source', f32(joinFloats(picked), blocks.length, this.#rows, wanted.length, C)]);
  }

  step({ scale, output, logits, bits, latent }: ScaleStep): void {
    const { config } = this.#model.transformer;
    const tokens = bits.length / config.bits;
    if (scale < RAW_SCALES) this.#raw.push(output.logits);
    if (BLOCK_SCALES.includes(scale)) {
      const blocks = f32(joinFloats(output.blocks), output.blocks.length, this.#rows, tokens, config.width);
      this.#tensors.push([`blocks_s${scale}`, blocks]);
    }
    if (INPUT_SCALES.includes(scale)) this.#tensors.push([`x_s${scale}`, f32(output.x, 1, tokens, config.width)]);
    this.#logits.push(logits);
    this.#bits.push(bits);
    this.#latent = latent;
  }

  /** @param wanted tokens whose logits are wanted; all when undefined */
  tensors(wanted: Int32Array | undefined): [string, NamedArray][] {
    const { bits } = this.#model.transformer.config;
    const all = joinFloats(this.#logits);
    const logits = wanted ? pickRows(all, 2 * bits, wanted, 0) : all;
    const tokens = all.length / (2 * bits);
    return [
      ...this.#tensors,
      ['bits', { type: 'u8', shape: [1, tokens, bits / 8], data: packedBits(this.#bits) }],
      ['logits', f32(logits, 1, logits.length / (2 * bits), 2 * bits)],
      ['logits_cond_uncond', this.#rawLogits()],
      ['f_hat', this.#latents()],
    ];
  }

  /** (rows, tokens of the first scales, 2·bits) */
  #rawLogits(): NamedArray {
    const { bits } = this.#model.transformer.config;
    const perRow = Array.from({ length: this.#rows }, (_, row) =>
      this.#raw.map((logits) => {
        const size = logits.length / this.#rows;
        return logits.subarray(row * size, (row + 1) * size);
      }),
    );
    const data = joinFloats(perRow.flat());
    return f32(data, this.#rows, data.length / (this.#rows * 2 * bits), 2 * bits);
  }

  #latents(): NamedArray {
    const { config } = this.#model.tokenizer;
    const { rows, columns } = latentGrid(config, this.#layout.schedule.at(-1)!);
    const d = config.latentChannels;
    if (rows <= WHOLE_ROWS) return f32(this.#latent, 1, d, rows, columns);
    const [height, width] = [rows / THINNING, columns / THINNING];
    const thinned = Float32Array.from({ length: d * height * width }, (_, i) => {
      const [plane, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
      return this.#latent[(plane * rows + y * THINNING) * columns + x * THINNING] as number;
    });
    return f32(thinned, 1, d, height, width);
  }
}

/** Rows of `width` numbers, counted from row `first` on. */
function pickRows(values: Float32Array, width: number, rows: Int32Array, first: number): Float32Array {
  return joinFloats(Array.from(rows, (row) => values.subarray((first + row) * width, (first + row + 1) * width)));
}

function packedBits(parts: readonly Int32Array[]): Uint8Array {
  const packed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0) / 8);
  let place = 0;
  for (const part of parts) {
    for (const bit of part) {
      if (bit) packed[place >> 3]! |= 0x80 >> (place & 7);
      place++;
    }
  }
  return packed;
}
