/**
 * Traces of a whole VAR model, and of its tokenizer alone.
 */
import { StudioError } from '../../app/base/errors.ts';
import { keptByGrid } from '../../app/generation/kept-by-grid.ts';
import type { KeptTokens } from '../../app/generation/request.ts';
import type { Autoencoder } from '../autoencoder/autoencoder.ts';
import type { NamedArray } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced, forcedFloats, forcedIntegers } from '../trace/forced-tensors.ts';
import { centreCrop, f32, i32 } from '../trace/named-arrays.ts';
import type { Quantizer } from '../vq/quantizer.ts';
import { latentSize, tokenCount } from '../vq/scales.ts';
import { boxMask } from './edit-mask.ts';
import { generateScales, type PictureChoices, type ScaleStep } from './generate.ts';
import { latentStack, TraceRecorder } from './trace.ts';
import { parseTraceRun, TRACE_NAMES, type TraceRun } from './trace-run.ts';
import { Transformer } from './transformer.ts';
import type { VarModel } from './var-model.ts';

export interface TraceRequest {
  readonly run: Readonly<Record<string, unknown>>;
  readonly forced: Forced;
  readonly signal: AbortSignal;
}

interface TokenizerParts {
  readonly autoencoder: Autoencoder;
  readonly quantizer: Quantizer;
}

/** Scale whose progressive picture a tokenizer's trace decodes. */
const PREVIEW_SCALE = 4;

export async function traceVar(
  model: VarModel,
  parts: TokenizerParts,
  runtime: Runtime,
  request: TraceRequest,
): Promise<Map<string, NamedArray>> {
  checkForced(request.forced, TRACE_NAMES);
  const run = parseTraceRun(request.run, model.transformer.config);
  if (run.label === undefined && !request.forced.has('label')) return traceTokenizer(parts, request.forced);
  const { pyramid, transformer: weights } = model;
  const { config } = weights;
  const options = await pictureChoices(model, parts, run, request.forced);
  const transformer = await Transformer.load(weights, pyramid, runtime, { blockOutputs: true });
  try {
    const { vocabulary, latentChannels, width, depth } = config;
    const logitRows = forcedIntegers(request.forced, 'logits_rows', undefined);
    const { kept } = options;
    const label = checkedLabel(
      forcedIntegers(request.forced, 'label', 1)?.[0] ?? (run.label as number),
      config.classes,
    );
    const recorder = new TraceRecorder({ pyramid, vocabulary, latentChannels, width, depth, label, kept, logitRows });
    const state = await transformer.begin([label]);
    const running = { quantizer: parts.quantizer, runtime, keep: 'everything' } as const;
    for await (const steps of generateScales([state], [options], running)) {
      if (request.signal.aborted) throw new StudioError('cancelled', 'The trace was cancelled.');
      recorder.record(steps[0] as ScaleStep);
    }
    return await recorder.finish(parts.autoencoder);
  } finally {
    await transformer.dispose();
  }
}

async function pictureChoices(
  model: VarModel,
  parts: TokenizerParts,
  run: TraceRun,
  forced: Forced,
): Promise<PictureChoices> {
  const { pyramid } = model;
  const { config } = model.transformer;
  const total = tokenCount(pyramid);
  const gumbel = forcedFloats(forced, 'gumbel', total * config.vocabulary);
  return {
    settings: run,
    seed: run.seed,
    kept: await keptInputs(parts, run, forced),
    forcing: {
      tokens: forcedIntegers(forced, 'tokens', total),
      gumbel: gumbel && Float32Array.from(gumbel),
      tau: forcedFloats(forced, 'tau', pyramid.patchNums.length),
    },
  };
}

/** A label below 0 or equal to the number of classes asks for no class. */
function checkedLabel(label: number, classes: number): number {
  if (label > classes)
    throw new StudioError('unknown-label', `There is no class ${label}: the last one is ${classes - 1}.`);
  return label < 0 ? classes : label;
}

/** The tokens that an edit keeps: from `edit_mask` or the run's box, and `gt_tokens` or `input_u8`. */
async function keptInputs(parts: TokenizerParts, run: TraceRun, forced: Forced): Promise<KeptTokens | undefined> {
  const { pyramid } = parts.quantizer;
  const size = latentSize(pyramid);
  const mask = forcedIntegers(forced, 'edit_mask', size * size) ?? (run.box && boxMask(run.box, size, run.inpainting));
  if (!mask) return undefined;
  const tokens = forcedIntegers(forced, 'gt_tokens', tokenCount(pyramid)) ?? (await encodeInput(parts, forced)).tokens;
  return {
    mask: keptByGrid(
      mask,
      pyramid.patchNums.map((side) => side * side),
    ),
    tokens,
  };
}

async function encodeInput(
  parts: TokenizerParts,
  forced: Forced,
): Promise<{ latent: Float32Array; tokens: Int32Array }> {
  const side = parts.autoencoder.width;
  const bytes = forcedIntegers(forced, 'input_u8', 3 * side * side);
  if (!bytes) {
    throw new StudioError('bad-request', 'This trace needs a picture: force `input_u8`, (3, H, W) as u8.', {
      hint: 'Give a label in the run to trace a generation instead.',
    });
  }
  const latent = await parts.autoencoder.encode(Float32Array.from(bytes, (byte) => Math.fround(byte / 255) * 2 - 1));
  return { latent, tokens: await parts.quantizer.encode(latent) };
}

/** The tokenizer both ways: a picture to tokens, and the tokens back. Pictures are in [−1, 1] here. */
export async function traceTokenizer(parts: TokenizerParts, forced: Forced): Promise<Map<string, NamedArray>> {
  const { autoencoder, quantizer } = parts;
  const { latentChannels: Z } = quantizer.config;
  const [side, size] = [autoencoder.width, autoencoder.grid.columns];
  const { latent, tokens } = await encodeInput(parts, forced);
  const latents = await quantizer.latents(forcedIntegers(forced, 'tokens', tokens.length) ?? tokens);
  const decode = async (fHat: Float32Array | undefined) =>
    (await autoencoder.decode(fHat as Float32Array)).map((value) => Math.max(-1, Math.min(1, value)));
  return new Map<string, NamedArray>([
    ['f', f32(latent, 1, Z, size, size)],
    ['tokens', i32(tokens, 1, tokens.length)],
    ['f_hat', latentStack(latents, Z, size)],
    ['image', f32(await decode(latents.at(-1)), 1, 3, side, side)],
    ['preview_s4_crop', centreCrop(await decode(latents[Math.min(PREVIEW_SCALE, latents.length - 1)]), side)],
  ]);
}
