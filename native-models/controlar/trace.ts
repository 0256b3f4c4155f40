/**
 * Intermediate tensors of a run, under the names that the family's README lists.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, KeptTokens, SettingSpec } from '../../app/generation/request.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { NamedArray } from '../pipeline.ts';
import { throwIfCancelled } from '../request-checks.ts';
import { checkForced, type Forced, forcedIntegers } from '../trace/forced-tensors.ts';
import { f32, i32, joinFloats } from '../trace/named-arrays.ts';
import type { Tokenizer } from '../vqgan/tokenizer.ts';
import { generateTokens, type TokenStep } from './generate.ts';
import type { ControlarModel } from './model.ts';
import type { ModelParts } from './model-parts.ts';
import { gridOf } from './picture-size.ts';
import { TextPromptEncoder } from './prompt-encoder.ts';
import { TokenSampler } from './sampler.ts';
import { CONTROL_LAYERS } from './state-dict.ts';
import { forcedBytes, parseTraceRun, TRACE_NAMES, type TraceRun } from './trace-run.ts';

export interface TraceParts {
  readonly model: ControlarModel;
  readonly parts: ModelParts;
  readonly tokenizer: Tokenizer;
  readonly specs: readonly SettingSpec[];
}

export interface TraceRequest {
  readonly run: Readonly<Record<string, unknown>>;
  readonly forced: Forced;
  readonly signal: AbortSignal;
}

/** Tokens whose logits before guidance are recorded. */
const RAW_TOKENS = 4;
/** Tokens at which the residual stream of every block is recorded. */
const BLOCK_TOKENS = [0, 2];

export async function traceModel(trace: TraceParts, request: TraceRequest): Promise<Map<string, NamedArray>> {
  checkForced(request.forced, TRACE_NAMES);
  const { model, parts } = trace;
  const run = parseTraceRun(request.run, trace.specs);
  const control = forcedControl(run, request.forced);
  const grid = gridOf(model, control?.image);
  const rows = run.settings.cfg > 1 ? 2 : 1;
  const condition = await parts.condition({ ...run, control }, rows, run.settings.controlStrength, grid);
  const transformer = await parts.loadTransformer(rows, true);
  try {
    const begun = await transformer.begin(condition);
    const count = grid.rows * grid.columns;
    const { vocabulary } = model.transformer.config;
    const sampler = new TokenSampler(vocabulary, run.settings, run.seed);
    const recorder = new Recorder(vocabulary, forcedIntegers(request.forced, 'logits_rows', undefined));
    const kept = forcedTokens(request.forced, count);
    const onLogits = (logits: Float32Array) => recorder.recordLogits(logits);
    for await (const step of generateTokens(begun, sampler, { count, kept, onLogits })) {
      throwIfCancelled(request.signal);
      recorder.record(step, sampler.probabilities);
    }
    return new Map([
      ...(await promptTensors(parts, run)),
      ...(await controlTensors(parts, control, grid)),
      ...recorder.tensors(rows),
      ['image', await pictureTensor(trace.tokenizer, recorder.tokens, grid)],
    ]);
  } finally {
    await transformer.dispose();
  }
}

function forcedTokens(forced: Forced, count: number): KeptTokens | undefined {
  const tokens = forcedIntegers(forced, 'tokens', count);
  return tokens && { tokens, mask: new Uint8Array(count).fill(1) };
}

/** `control_u8` (3, H, W) as a map of the run's kind. */
function forcedControl(run: TraceRun, forced: Forced): ControlMap | undefined {
  const map = forcedBytes(forced, 'control_u8');
  if (!map) return undefined;
  const [, height = 0, width = 0] = map.shape;
  const pixels = width * height;
  const data = Uint8Array.from({ length: pixels * 3 }, (_, i) => map.data[(i % 3) * pixels + Math.floor(i / 3)]!);
  const image: RgbImage = { width, height, data };
  return { kind: run.controlKind, image };
}

async function promptTensors(parts: ModelParts, { prompt }: TraceRun): Promise<[string, NamedArray][]> {
  if (!(parts.prompts instanceof TextPromptEncoder)) return [];
  const { ids, features } = await parts.prompts.read(prompt);
  return [
    ['ids', i32(Int32Array.from(ids), 1, ids.length)],
    ['text_features', f32(features, 1, ids.length, features.length / ids.length)],
  ];
}

async function controlTensors(
  parts: ModelParts,
  control: ControlMap | undefined,
  grid: TokenGrid,
): Promise<[string, NamedArray][]> {
  if (!control) return [];
  const encoded = await (await parts.controlEncoder())?.encode(control, grid);
  if (!encoded) return [];
  const count = grid.rows * grid.columns;
  const { features, tokens } = encoded;
  return [
    ['control_features', f32(features, 1, count, features.length / count)],
    ['control_tokens', f32(tokens, CONTROL_LAYERS, count, tokens.length / (CONTROL_LAYERS * count))],
  ];
}

/** The picture in [0, 1]. */
async function pictureTensor(tokenizer: Tokenizer, tokens: Int32Array, grid: TokenGrid): Promise<NamedArray> {
  const planes = await tokenizer.decode(await tokenizer.lookUp(tokens, grid), grid);
  const factor = Math.sqrt(planes.length / 3 / (grid.rows * grid.columns));
  const data = planes.map((value) => Math.max(-1, Math.min(1, value)) / 2 + 0.5);
  return f32(data, 1, 3, grid.rows * factor, grid.columns * factor);
}

/** Collects what the tokens of a run gave. */
class Recorder {
  readonly #vocabulary: number;
  readonly #rows: Int32Array | undefined;
  readonly #logits: Float32Array[] = [];
  readonly #keepBits: Uint8Array[] = [];
  readonly #steps: TokenStep[] = [];

  /** @param rows token positions at which the logits are wanted; all when undefined */
  constructor(vocabulary: number, rows: Int32Array | undefined) {
    this.#vocabulary = vocabulary;
    this.#rows = rows;
  }

  get tokens(): Int32Array {
    return Int32Array.from(this.#steps, ({ token }) => token);
  }

  recordLogits(logits: Float32Array): void {
    this.#logits.push(logits.slice());
  }

  record(step: TokenStep, probabilities: Float32Array): void {
    this.#steps.push(step);
    this.#keepBits.push(packedBits(probabilities));
  }

  tensors(rows: number): [string, NamedArray][] {
    const V = this.#vocabulary;
    const { tokens } = this;
    const raw = this.#steps.slice(0, RAW_TOKENS).map(({ output }) => output.logits);
    const perRow = Array.from({ length: rows }, (_, row) =>
      raw.map((logits) => logits.subarray(row * V, (row + 1) * V)),
    );
    const wanted = this.#rows ? Array.from(this.#rows, (row) => this.#logitsOf(row)) : this.#logits;
    const bits = this.#keepBits.flatMap((packed) => Array.from(packed));
    return [
      ['tokens', i32(tokens, 1, tokens.length)],
      ['logits', f32(joinFloats(wanted), 1, wanted.length, V)],
      ['logits_cond_uncond', f32(joinFloats(perRow.flat()), rows, raw.length, V)],
      ...BLOCK_TOKENS.map((token): [string, NamedArray] => [`blocks_t${token}`, this.#blocks(token, rows)]),
      ['keep_bits', { type: 'u8', shape: [1, tokens.length, Math.ceil(V / 8)], data: Uint8Array.from(bits) }],
    ];
  }

  #logitsOf(row: number): Float32Array {
    const logits = this.#logits[row];
    if (logits) return logits;
    throw new StudioError('bad-request', `logits_rows: there is no token ${row}.`);
  }

  /** The last of the tokens that were run: (layers, B, C). */
  #blocks(token: number, rows: number): NamedArray {
    const blocks = (this.#steps[token] as TokenStep).output.blocks;
    const last = blocks.flatMap((block) => lastTokens(block, rows, this.#width(token)));
    return f32(joinFloats(last), blocks.length, rows, this.#width(token));
  }

  /** Channels: of every token but the first, one was run. */
  #width(token: number): number {
    const single = this.#steps[Math.max(1, token)] as TokenStep;
    return (single.output.blocks[0] as Float32Array).length / (single.output.logits.length / this.#vocabulary);
  }
}

function lastTokens(block: Float32Array, rows: number, width: number): Float32Array[] {
  const size = block.length / rows;
  return Array.from({ length: rows }, (_, row) => block.subarray((row + 1) * size - width, (row + 1) * size));
}

/** 1 where a code can still be drawn, most significant bit first. */
function packedBits(probabilities: Float32Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(probabilities.length / 8));
  for (const [code, probability] of probabilities.entries()) {
    if (probability > 0) bits[code >> 3]! |= 0x80 >> (code & 7);
  }
  return bits;
}
