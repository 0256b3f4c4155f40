/**
 * The host's queue as this window sees it, and what becomes of the pictures that were asked for here.
 */
import { createStore } from 'zustand/vanilla';
import { isCancelled } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import type { AskedArea, QueueCommand } from '../../app/contracts/studio-api.ts';
import type { Rect } from '../../app/document/document.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { PackedMask } from '../../app/imaging/run-lengths.ts';
import type { FinishedPicture, Frame, Job, JobOrigin, QueueEvent } from '../../app/jobs/job.ts';
import { host } from '../transport/host.ts';
import { currentDocument, documentStore } from './document-store.ts';
import { reportError } from './notice-store.ts';
import { stage, stagingStore } from './staging-store.ts';

interface QueueState {
  readonly jobs: readonly Job[];
  readonly paused: boolean;
  /** Counts finished pictures, so that lists of them know when to look again. */
  readonly finished: number;
  /** What is under the frame is being read before a picture can be asked for. */
  readonly preparing: boolean;
}

export const queueStore = createStore<QueueState>(() => ({ jobs: [], paused: false, finished: 0, preparing: false }));

/** Listens to the queue as long as the window lives. */
export async function watchQueue(): Promise<void> {
  try {
    await host('watchQueue', [], { onEvent: receive });
  } catch (error) {
    if (!isCancelled(error)) reportError(error);
  }
}

function receive(event: QueueEvent): void {
  if (event.type === 'jobs') {
    queueStore.setState({ jobs: event.jobs, paused: event.queuePaused });
    forgetStopped(event.jobs);
  } else if (event.type === 'frame') receiveFrame(event.frame);
  else receivePicture(event.picture);
}

/** Whether a job waits or runs. */
export function isActive({ state }: Job): boolean {
  return state === 'waiting' || state === 'running';
}

function isRunning(job: string): boolean {
  return queueStore.getState().jobs.some(({ id, state }) => id === job && state === 'running');
}

/** Whether a job was asked for by the painting that is open here. */
export function isMine({ painting }: JobOrigin): boolean {
  return painting === documentStore.getState().painting;
}

/** The frame as it was when the picture was asked for. */
function frameOf({ frame }: JobOrigin): Rect {
  return frame ?? currentDocument().frame;
}

function receiveFrame({ job, origin, step, steps, progress, leftMs, preview }: Frame): void {
  if (!isMine(origin)) return;
  const model = queueStore.getState().jobs.find(({ id }) => id === job)?.request.model ?? '';
  stagingStore.setState(({ running }) => {
    // Of several that run together the first one is watched.
    if (running && running.job !== job && isRunning(running.job)) return {};
    const earlier = running?.job === job ? running.previews : [];
    const previews = [...earlier.slice(0, step), preview];
    const plan = queueStore.getState().jobs.find(({ id }) => id === job)?.area?.plan;
    const place = { frame: frameOf(origin), cover: origin.cover ?? null, plan };
    return { running: { job, model, step, steps, progress, leftMs, previews, ...place, paused: false } };
  });
}

function receivePicture(picture: FinishedPicture): void {
  queueStore.setState(({ finished }) => ({ finished: finished + 1 }));
  const { job, request, origin, plan, image, tokens, entropy, previews } = picture;
  if (!isMine(origin)) return;
  const title = queueStore.getState().jobs.find(({ id }) => id === job)?.title ?? '';
  const { parent, branchStep } = origin;
  stage({
    id: newId(),
    parent,
    branchStep,
    request,
    title,
    image,
    decoded: true,
    live: origin.live,
    cover: origin.cover ?? null,
    plan,
    tokens,
    entropy,
    previews,
    frame: frameOf(origin),
    picture: picture.picture,
  });
}

/** The preview of a run that was stopped goes away; that of a paused one stays. */
function forgetStopped(jobs: readonly Job[]): void {
  const { running } = stagingStore.getState();
  if (!running) return;
  const state = jobs.find(({ id }) => id === running.job)?.state;
  if (state === 'paused') stagingStore.setState({ running: { ...running, paused: true } });
  else if (state !== 'running' && !(state === 'waiting' && running.paused)) stagingStore.setState({ running: null });
}

export interface Asking {
  readonly request: GenerationRequest;
  readonly title: string;
  readonly parent?: string;
  readonly branchStep?: number;
  readonly live?: boolean;
  /** The part of the frame that is to be painted; all of it when left out. */
  readonly cover?: PackedMask | undefined;
  /** What the frame is painted as, where one picture of the model is not enough. */
  readonly area?: AskedArea | undefined;
}

/** Queues a picture for the frame; returns the job's id. */
export async function enqueue({
  request,
  title,
  parent,
  branchStep = 0,
  live = false,
  cover,
  area,
}: Asking): Promise<string> {
  const { painting } = documentStore.getState();
  const { frame } = currentDocument();
  const origin = { painting, parent: parent ?? null, branchStep, live, frame, cover };
  return host('enqueue', [request, origin, title, area ?? null]);
}

export function command(command: QueueCommand): void {
  host('queueCommand', [command]).catch(reportError);
}
