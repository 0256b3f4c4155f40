/**
 * Pictures that wait over the frame to be accepted or discarded, and the run that is in progress there.
 */
import { createStore } from 'zustand/vanilla';
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { PackedMask } from '../../app/imaging/run-lengths.ts';
import type { AreaPlan } from '../../app/tasks/paint-area.ts';

/** A picture by its tokens: a node of the tree of variants. */
export interface Variant {
  readonly id: string;
  readonly parent: string | null;
  /** Steps that it took over from its parent. */
  readonly branchStep: number;
  readonly request: GenerationRequest;
  readonly title: string;
  /** The picture, or a coarse stand-in until its tokens have been decoded. */
  readonly image: RgbImage;
  readonly decoded: boolean;
  /** Made while live painting was on: the next such one takes its place. */
  readonly live: boolean;
  /** The part of the frame that it was made for, in pixels of the painting, or null for all of it. */
  readonly cover: PackedMask | null;
  /** How an area was painted, frame after frame: it is composed already, and has no scales. Left out for a picture of the model's own. */
  readonly plan?: AreaPlan | undefined;
  readonly tokens: Int32Array;
  /** Bits, for each token; empty for a picture that came from a file, and from a model that cannot say. */
  readonly entropy: Float32Array;
  /** Of each step, coarse to fine. */
  readonly previews: readonly RgbImage[];
  /** Where it was made for. */
  readonly frame: Rect;
  /** In the library, or null. */
  readonly picture: string | null;
}

export interface RunningPreview {
  readonly job: string;
  /** Empty where it is not known. */
  readonly model: string;
  readonly step: number;
  readonly steps: number;
  readonly progress: number;
  readonly leftMs: number | null;
  readonly previews: readonly RgbImage[];
  readonly frame: Rect;
  readonly cover: PackedMask | null;
  /** Of an area, whose steps are tiles. */
  readonly plan: AreaPlan | undefined;
  /** It waits at its step until it is resumed. */
  readonly paused: boolean;
}

/** The first steps of a variant, which all pictures asked for from now on take over. */
export interface HeldScales {
  readonly variant: Variant;
  readonly steps: number;
}

interface StagingState {
  /** All that were made for this painting, in order. */
  readonly variants: readonly Variant[];
  /** The one over the frame, or null when nothing waits. */
  readonly current: string | null;
  readonly running: RunningPreview | null;
  /** A coarser state of the current variant that is looked at, by its step. */
  readonly shownStep: number | null;
  /** The picture of that step, once it is decoded. */
  readonly shownImage: RgbImage | null;
  /** Share of the frame's width from which on the new picture is shown; 0 shows all of it. */
  readonly compare: number;
  readonly showConfidence: boolean;
  /** A token of the current variant whose alternatives are looked at: its step, and its place in it. */
  readonly place: { readonly step: number; readonly position: number } | null;
  readonly held: HeldScales | null;
}

const EMPTY: StagingState = {
  variants: [],
  current: null,
  running: null,
  shownStep: null,
  shownImage: null,
  compare: 0,
  showConfidence: false,
  place: null,
  held: null,
};

export const stagingStore = createStore<StagingState>(() => EMPTY);

export function currentVariant(state: StagingState = stagingStore.getState()): Variant | undefined {
  return state.variants.find(({ id }) => id === state.current);
}

/** Puts a new variant over the frame. */
export function stage(variant: Variant): void {
  stagingStore.setState(({ variants }) => ({
    variants: [...variants.filter(({ live }) => !(live && variant.live)), variant],
    current: variant.id,
    running: null,
    shownStep: null,
    shownImage: null,
    compare: 0,
    place: null,
  }));
}

export function showVariant(id: string | null): void {
  stagingStore.setState({ current: id, shownStep: null, shownImage: null, compare: 0, place: null });
}

/** Puts the decoded picture in the place of its stand-in. */
export function completeVariant(id: string, image: RgbImage): void {
  stagingStore.setState(({ variants }) => ({
    variants: variants.map((variant) => (variant.id === id ? { ...variant, image, decoded: true } : variant)),
  }));
}

/** The next variant, or with −1 the one before; around the ends. */
export function stepVariant(by: 1 | -1): void {
  const { variants, current } = stagingStore.getState();
  if (variants.length === 0) return;
  const at = variants.findIndex(({ id }) => id === current);
  const next = at < 0 ? (by > 0 ? 0 : variants.length - 1) : (at + by + variants.length) % variants.length;
  showVariant(variants[next]?.id ?? null);
}

export function removeVariant(id: string): void {
  const { variants, current } = stagingStore.getState();
  const at = variants.findIndex((variant) => variant.id === id);
  const rest = variants.filter((variant) => variant.id !== id);
  stagingStore.setState({ variants: rest });
  if (current === id) showVariant(rest[Math.min(at, rest.length - 1)]?.id ?? null);
}

/** Brings a variant that was removed back to its place, and shows it. */
export function restoreVariant(variant: Variant, at: number): void {
  stagingStore.setState(({ variants }) => ({ variants: variants.toSpliced(at, 0, variant) }));
  showVariant(variant.id);
}

export function clearStaging(variants: readonly Variant[] = []): void {
  stagingStore.setState({ ...EMPTY, variants });
}
