/**
 * Asking for pictures: from nothing, from what is under the frame, or from another picture's tokens.
 */

import { keptOutside } from '../../app/generation/kept-outside.ts';
import type { Alternative, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens } from '../../app/generation/request.ts';
import { readRgb } from '../canvas/bitmap.ts';
import { coverOf, maskCover } from '../canvas/mask-cover.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { currentDocument } from '../stores/document-store.ts';
import {
  currentRequest,
  description,
  labelName,
  modelStore,
  modelsLoaded,
  randomSeed,
  stepsOf,
} from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { command, enqueue, isActive, isMine, queueStore } from '../stores/queue-store.ts';
import { currentVariant, stagingStore, type Variant } from '../stores/staging-store.ts';
import { host } from '../transport/host.ts';

const MAX_SEED = 2 ** 32;
/** Tokens of which the model was less sure than this share of all are rolled again. */
const UNCERTAIN_SHARE = 0.25;

/** Counts how often the person stopped everything, so that nothing more is asked for after it. */
let stops = 0;
/** Jobs that were asked for and that the queue has not told of yet. */
let untold: string[] = [];
queueStore.subscribe(({ jobs }) => {
  untold = untold.filter((job) => !jobs.some(({ id }) => id === job));
});

/** Queues as many pictures as the panel says; a seed that is not locked is new each time. */
export async function generate(): Promise<void> {
  const before = stops;
  try {
    await modelsLoaded();
    const { count, seedLocked } = modelStore.getState();
    if (!seedLocked) modelStore.setState({ seed: randomSeed() });
    const request = currentRequest();
    if (!request) return;
    queueStore.setState({ preparing: true });
    const { kept, masked } = await keptUnderFrame(request.model);
    for (let i = 0; i < count; i++) {
      const seed = (request.seed + i) % MAX_SEED;
      const title = labelName(request.model, request.label);
      const job = await enqueue({ request: { ...request, seed, kept }, title, masked, ...heldOrigin(request.model) });
      if (stops !== before) return command({ type: 'cancel', job });
      if (!queueStore.getState().jobs.some(({ id }) => id === job)) untold.push(job);
    }
  } catch (error) {
    reportError(error);
  } finally {
    queueStore.setState({ preparing: false });
  }
}

/** A run of live painting: newer ones replace older ones, and nothing of it is kept. */
export async function generateLive(): Promise<void> {
  const request = currentRequest();
  if (!request) return;
  const { kept, masked } = await keptUnderFrame(request.model);
  const title = labelName(request.model, request.label);
  await enqueue({ request: { ...request, kept }, title, live: true, masked });
}

interface UnderFrame {
  readonly kept: KeptTokens | undefined;
  /** Whether masks leave a part of the frame as it is. */
  readonly masked: boolean;
}

/** What stays of the picture under the frame: the first steps, as many as the panel says, and what masks do not cover. */
async function keptUnderFrame(model: string): Promise<UnderFrame> {
  const { keepSteps } = modelStore.getState();
  const held = heldScales(model);
  const { painting } = canvas();
  const cover = maskCover(painting, currentDocument(), currentDocument().frame);
  if (held && !cover) return { kept: held, masked: false };
  if (!held && keepSteps === 0 && !cover) return { kept: undefined, masked: false };
  const tokens = await host('encode', [model, pictureUnderFrame()]);
  const first = held ?? firstSteps(tokens, model, keepSteps);
  if (!cover) return { kept: first, masked: false };
  const description = await host('describe', [model]);
  const outside = keptOutside(coverOf(cover), description);
  const mask = outside.map((kept, i) => kept | (first.mask[i] as number));
  const { symbolsPerToken } = description;
  const kept = tokens.map((symbol, i) =>
    first.mask[Math.floor(i / symbolsPerToken)] ? (first.tokens[i] as number) : symbol,
  );
  return { kept: { tokens: kept, mask }, masked: true };
}

/** Of the variant that the person holds, if it is of this model. */
function heldScales(model: string): KeptTokens | undefined {
  const { held } = stagingStore.getState();
  return held?.variant.request.model === model ? firstSteps(held.variant.tokens, model, held.steps) : undefined;
}

/** Where such pictures stand in the tree. */
function heldOrigin(model: string): { parent?: string; branchStep?: number } {
  const { held } = stagingStore.getState();
  return held?.variant.request.model === model ? { parent: held.variant.id, branchStep: held.steps } : {};
}

function pictureUnderFrame(): RgbImage {
  const { width, height } = description() ?? { width: 1, height: 1 };
  return readRgb(canvas().painting.compositor.picture().canvas, currentDocument().frame, width, height);
}

function firstSteps(tokens: Int32Array, model: string, steps: number): KeptTokens {
  const sizes = stepsOf(model);
  const mask = new Uint8Array(total(sizes));
  return { tokens, mask: mask.fill(1, 0, total(sizes.slice(0, steps))) };
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A new picture with the first `steps` steps of a variant. */
export function branch(variant: Variant, steps: number): Promise<void> {
  const kept = firstSteps(variant.tokens, variant.request.model, steps);
  return ask(variant, steps, { ...variant.request, seed: randomSeed(), kept });
}

/** Rolls again those tokens of which the model was the least sure; nothing when it cannot say. */
export async function rerollUncertain(variant: Variant): Promise<void> {
  if (variant.entropy.length === 0) return;
  const sorted = variant.entropy.toSorted();
  const limit = sorted[Math.floor(sorted.length * (1 - UNCERTAIN_SHARE))] ?? 0;
  const mask = Uint8Array.from(variant.entropy, (bits) => (bits < limit || bits === 0 ? 1 : 0));
  const kept = { tokens: variant.tokens, mask };
  return ask(variant, 0, { ...variant.request, seed: randomSeed(), kept });
}

/** How many alternatives to a token are shown. */
const ALTERNATIVES = 8;

/** What else the model would have put at a place. */
export function alternativesAt(
  { request, tokens }: Variant,
  place: { readonly step: number; readonly position: number },
): Promise<readonly Alternative[]> {
  const kept = firstSteps(tokens, request.model, stepsOf(request.model).length);
  return host('alternatives', [
    { ...request, kept },
    { ...place, count: ALTERNATIVES },
  ]);
}

/** The picture with another token in one place, and all others as they are. */
export function withToken(variant: Variant, place: number, token: number): Promise<void> {
  const { model } = variant.request;
  const steps = stepsOf(model).length;
  const kept = firstSteps(variant.tokens.with(place, token), model, steps);
  return ask(variant, steps, { ...variant.request, kept });
}

async function ask({ id, title, masked }: Variant, branchStep: number, request: GenerationRequest): Promise<void> {
  try {
    await enqueue({ request, title, parent: id, branchStep, masked });
  } catch (error) {
    reportError(error);
  }
}

/** Stops the run of this window, and what waits after it. */
export function stopAll(): void {
  stops++;
  modelStore.setState({ live: false });
  const { jobs } = queueStore.getState();
  const active = jobs.filter((job) => isActive(job) && isMine(job.origin)).map(({ id }) => id);
  for (const job of [...active, ...untold]) command({ type: 'cancel', job });
  untold = [];
}

/** Shows the variant as it was after a step, decoded in full; null shows the finished picture. */
export async function showStep(step: number | null): Promise<void> {
  const variant = currentVariant();
  if (!variant) return;
  stagingStore.setState({ shownStep: step, shownImage: step === null ? null : (variant.previews[step] ?? null) });
  if (step === null) return;
  try {
    const image = await host('decode', [variant.request.model, variant.tokens, step + 1]);
    const { shownStep, current } = stagingStore.getState();
    if (shownStep === step && current === variant.id) stagingStore.setState({ shownImage: image });
  } catch (error) {
    reportError(error);
  }
}
