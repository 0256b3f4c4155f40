/**
 * Asking for pictures: from nothing, from what is under the frame, or from another picture's tokens.
 */

import { StudioError } from '../../app/base/errors.ts';
import type { AskedArea } from '../../app/contracts/studio-api.ts';
import type { Alternative } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens, ModelDescription } from '../../app/generation/request.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { type PackedMask, packRuns } from '../../app/imaging/run-lengths.ts';
import { keptTokens } from '../../app/tasks/paint-area.ts';
import { planFrame } from '../../app/tasks/plan-frame.ts';
import type { FrameSize } from '../../app/tasks/plan-frames.ts';
import { readRgb } from '../canvas/bitmap.ts';
import { maskCover } from '../canvas/mask-cover.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { currentDocument } from '../stores/document-store.ts';
import { currentRequest, modelStore, modelsLoaded, randomSeed, stepsOf, titleOf } from '../stores/model-store.ts';
import { notify, reportError } from '../stores/notice-store.ts';
import { command, enqueue, isActive, isMine, queueStore } from '../stores/queue-store.ts';
import { currentVariant, stagingStore, type Variant } from '../stores/staging-store.ts';
import { words } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { followedMap, mapForFrame } from './control-map.ts';

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

/** Which part of the frame is painted, and what is meant to come there. */
export interface Wish {
  /** What of the frame; the masks when left out, and all of it where there are none. */
  readonly cover?: Mask | undefined;
  /** The class; the panel's when left out. */
  readonly label?: number | null;
  /** First steps of what is there that stay; as many as the panel says when left out. */
  readonly keepSteps?: number;
  /** How large the part of the frame is that the picture goes on from; left out where it does not. */
  readonly known?: FrameSize | undefined;
}

/** Queues as many pictures as the panel says; a seed that is not locked is new each time. */
export async function generate(wish: Wish = {}): Promise<void> {
  const before = stops;
  try {
    await modelsLoaded();
    const { count, seedLocked } = modelStore.getState();
    if (!seedLocked) modelStore.setState({ seed: randomSeed() });
    const panel = currentRequest();
    if (!panel) return;
    const map = mapForFrame();
    if (!map) return;
    const request = { ...panel, ...map, label: wish.label === undefined ? panel.label : wish.label };
    queueStore.setState({ preparing: true });
    const { kept, cover, area } = await underFrame(request.model, wish);
    if (area && heldScales(request.model)) notify('info', words().notice.heldNotUsed);
    for (let i = 0; i < count; i++) {
      const seed = (request.seed + i) % MAX_SEED;
      const title = titleOf(request);
      const origin = wish.keepSteps === undefined && !area ? heldOrigin(request.model) : {};
      const job = await enqueue({ request: { ...request, seed, kept }, title, cover, area, ...origin });
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
  const map = followedMap();
  if (!request || map === 'missing') return;
  const { kept, cover, area } = await underFrame(request.model, {});
  const asked = { ...request, control: map, kept };
  await enqueue({ request: asked, title: titleOf(request), live: true, cover, area });
}

interface UnderFrame {
  readonly kept?: KeptTokens | undefined;
  readonly cover: PackedMask | undefined;
  /** Where one picture of the model is not enough. */
  readonly area?: AskedArea;
}

/** What is under the frame, as the model is given it. */
async function underFrame(model: string, wish: Wish): Promise<UnderFrame> {
  const { cover = masksInFrame() } = wish;
  const { frame } = currentDocument();
  const { keepSteps = modelStore.getState().keepSteps, known } = wish;
  const description = await host('describe', [model]);
  const followsMap = description.controls.length > 0;
  const detail = modelStore.getState().detail && !followsMap;
  const plan = planFrame(frame, description, { detail, keepSteps, known });
  if (!plan) return keptUnderFrame(model, { ...wish, cover });
  if (followsMap) throw new StudioError('bad-request', words().notice.mapNeedsShape);
  const image = readRgb(canvas().painting.compositor.picture().canvas, frame, frame.width, frame.height);
  const packed = packRuns(cover ?? everything(frame));
  return { cover: cover && packed, area: { image, cover: packed, plan } };
}

function everything({ width, height }: FrameSize): Mask {
  return { width, height, data: new Uint8Array(width * height).fill(255) };
}

/** What stays of the picture under the frame: what is not covered, and of the rest first steps, held ones or its own. */
async function keptUnderFrame(model: string, { cover, keepSteps }: Wish): Promise<UnderFrame> {
  const held = keepSteps === undefined ? heldScales(model) : undefined;
  const steps = held ? 0 : (keepSteps ?? modelStore.getState().keepSteps);
  if (!cover && held) return { kept: held, cover: undefined };
  if (!cover && steps === 0) return { kept: undefined, cover: undefined };
  const { frame } = currentDocument();
  const { width, height } = frame;
  const image = readRgb(canvas().painting.compositor.picture().canvas, frame, width, height);
  const description = await host('describe', [model]);
  const kept = await keptTokens(
    { image, cover: cover ?? everything(frame) },
    { way: 'seamless', keepSteps: steps },
    { description, encode: (seen) => host('encode', [model, seen]) },
  );
  return { kept: joined(held, kept, description), cover: cover && packRuns(cover) };
}

/** Both; where both keep a token, it is the first one's. */
function joined(
  first: KeptTokens | undefined,
  second: KeptTokens | undefined,
  { symbolsPerToken }: ModelDescription,
): KeptTokens | undefined {
  if (!first || !second) return first ?? second;
  const tokens = second.tokens.map((symbol, i) =>
    first.mask[Math.floor(i / symbolsPerToken)] ? (first.tokens[i] as number) : symbol,
  );
  return { tokens, mask: second.mask.map((kept, i) => kept | (first.mask[i] as number)) };
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

function masksInFrame(): Mask | undefined {
  const document = currentDocument();
  return maskCover(canvas().painting, document, document.frame);
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
  if (variant.plan) {
    notify('info', words().notice.noBranchOfArea);
    return Promise.resolve();
  }
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

async function ask({ id, title, cover }: Variant, branchStep: number, request: GenerationRequest): Promise<void> {
  try {
    await enqueue({ request, title, parent: id, branchStep, cover: cover ?? undefined });
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
  if (step === null || variant.plan) return;
  try {
    const image = await host('decode', [variant.request.model, variant.tokens, step + 1]);
    const { shownStep, current } = stagingStore.getState();
    if (shownStep === step && current === variant.id) stagingStore.setState({ shownImage: image });
  } catch (error) {
    reportError(error);
  }
}
