import { describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { Job, JobOrigin, QueueEvent } from '../../app/jobs/job.ts';
import { JobQueue, type RunJob } from './job-queue.ts';

const STEPS = 3;
const ORIGIN: JobOrigin = { painting: 'p', parent: null, branchStep: 0, live: false };
/** Of different classes, so that they do not go together. */
const request = (seed: number): GenerationRequest => ({ model: 'm', label: seed, seed, settings: {} });
const image = { width: 1, height: 1, data: new Uint8Array(3) };

/** A run that goes on by hand: its tokens are 10·seed + step. */
class Run {
  readonly request: GenerationRequest;
  readonly done: Int32Array;
  readonly #onEvent: (event: PipelineEvent) => void;
  readonly #signal: AbortSignal;
  readonly result: ReturnType<RunJob>;
  #settle: { resolve(): void; reject(error: unknown): void } | undefined;

  constructor(...[{ request, tokens: done }, onEvent, signal]: Parameters<RunJob>) {
    this.request = request;
    this.done = done;
    this.#onEvent = onEvent;
    this.#signal = signal;
    this.result = new Promise((resolve, reject) => {
      const tokens = Int32Array.from({ length: STEPS }, (_, step) => request.seed * 10 + step);
      const keep = async () => `picture ${request.seed}`;
      this.#settle = { resolve: () => resolve({ image, tokens, keep }), reject };
    });
    signal.addEventListener('abort', () => this.#settle?.reject(new StudioError('cancelled', 'Stopped.')));
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  step(step: number): void {
    const tokens = Int32Array.of(this.request.seed * 10 + step);
    const entropy = Float32Array.of(1);
    this.#onEvent({ type: 'step', step, steps: STEPS, progress: (step + 1) / STEPS, preview: image, tokens, entropy });
  }

  look(step: number): void {
    this.#onEvent({ type: 'preview', step, steps: STEPS, progress: (step + 0.5) / STEPS, preview: image });
  }

  async finish(): Promise<void> {
    this.#settle?.resolve();
    await settled();
  }

  async fail(): Promise<void> {
    this.#settle?.reject(new StudioError('not-finite', 'It overflowed.'));
    await settled();
  }
}

/** Promises that are settled have had their turns. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

function setUp(restored: readonly Job[] = []) {
  const runs: Run[] = [];
  const saves: (readonly Job[])[] = [];
  const events: QueueEvent[] = [];
  const run: RunJob = (...args) => {
    const started = new Run(...args);
    runs.push(started);
    return started.result;
  };
  const queue = new JobQueue(run, { save: (jobs) => saves.push(jobs), flush: async () => {} }, restored);
  queue.watch((event) => events.push(event));
  const jobs = () => {
    const last = events.findLast((event) => event.type === 'jobs');
    return last?.type === 'jobs' ? last.jobs : [];
  };
  const states = () => jobs().map(({ state }) => state);
  const add = (seed: number, origin = ORIGIN) => queue.add(request(seed), origin, `job ${seed}`);
  return { queue, runs, saves, events, jobs, states, add };
}

it('makes one picture after the other, and tells of each', async () => {
  const { runs, events, states, add } = setUp();
  add(1);
  add(2);
  expect(states()).toEqual(['running', 'waiting']);
  for (let step = 0; step < STEPS; step++) {
    runs[0]?.look(step);
    runs[0]?.step(step);
  }
  await runs[0]?.finish();
  expect(states()).toEqual(['done', 'running']);
  const frames = events.flatMap((event) => (event.type === 'frame' ? [event.frame.step] : []));
  expect(frames).toEqual([0, 0, 1, 1, 2, 2]);
  expect(events.find((event) => event.type === 'finished')).toMatchObject({
    picture: { picture: 'picture 1', tokens: Int32Array.of(10, 11, 12), entropy: new Float32Array(3).fill(1) },
  });
  expect(runs[1]?.request.seed).toBe(2);
});

it('goes on after a failure, and tries again when asked', async () => {
  const { queue, runs, jobs, states, add } = setUp();
  const id = add(1);
  add(2);
  await runs[0]?.fail();
  expect(states()).toEqual(['failed', 'running']);
  expect(jobs()[0]?.error).toMatchObject({ code: 'not-finite' });
  queue.resume(id);
  await runs[1]?.finish();
  expect(runs[2]?.request.seed).toBe(1);
});

it('cancels what runs and what waits', async () => {
  const { queue, runs, states, add } = setUp();
  const [first, second] = [add(1), add(2)];
  add(3);
  queue.cancel(second);
  queue.cancel(first);
  expect(runs[0]?.stopped).toBe(true);
  await settled();
  expect(states()).toEqual(['cancelled', 'cancelled', 'running']);
  expect(runs[1]?.request.seed).toBe(3);
});

describe('a pause', () => {
  it('keeps the steps that are done, and goes on from them', async () => {
    const { queue, runs, states, saves, add } = setUp();
    const id = add(4);
    runs[0]?.step(0);
    runs[0]?.step(1);
    queue.pause(id);
    await settled();
    expect(states()).toEqual(['paused']);
    expect(saves.at(-1)?.[0]?.tokens).toEqual(Int32Array.of(40, 41));
    queue.resume(id);
    expect(runs[1]).toMatchObject({ request: request(4), done: Int32Array.of(40, 41) });
  });

  it('of the queue lets what runs end, and starts nothing', async () => {
    const { queue, runs, states, add } = setUp();
    add(1);
    queue.setPaused(true);
    add(2);
    await runs[0]?.finish();
    expect(states()).toEqual(['done', 'waiting']);
    queue.setPaused(false);
    expect(runs).toHaveLength(2);
  });
});

describe('pictures that differ in nothing but their seeds', () => {
  const setUpVariations = () => {
    const parts = setUp();
    const vary = (seed: number, more: Partial<GenerationRequest> = {}) =>
      parts.queue.add({ ...request(7), seed, ...more }, ORIGIN, '');
    return { ...parts, vary };
  };

  it('run together, those that come before the first step too', async () => {
    const { runs, states, add, vary } = setUpVariations();
    add(1);
    vary(10);
    add(2);
    vary(11);
    await runs[0]?.finish();
    expect(states()).toEqual(['done', 'running', 'waiting', 'running']);
    vary(12);
    vary(13, { settings: { cfg: 1 } });
    expect(runs.slice(1).map((run) => run.request.seed)).toEqual([10, 11, 12]);
    runs[1]?.step(0);
    vary(14);
    expect(states()).toEqual(['done', 'running', 'waiting', 'running', 'running', 'waiting', 'waiting']);
    for (const run of runs.slice(2)) run.step(0);
    for (const run of runs.slice(1)) await run.finish();
    expect(runs[4]?.request.seed).toBe(2);
  });

  it('stop one by one', async () => {
    const { queue, runs, states, vary } = setUpVariations();
    const [first, second] = [vary(1), vary(2), vary(3)] as [string, string, string];
    queue.cancel(first);
    queue.pause(second);
    await settled();
    expect(runs.map(({ stopped }) => stopped)).toEqual([true, true, false]);
    await runs[2]?.finish();
    expect(states()).toEqual(['cancelled', 'paused', 'done']);
    queue.resume(second);
    expect(runs[3]?.request.seed).toBe(2);
  });

  it('make way for live painting, and go on from the steps that they have', async () => {
    const { runs, states, add, vary } = setUpVariations();
    vary(1);
    vary(2);
    for (const run of runs) run.step(0);
    add(9, { ...ORIGIN, live: true });
    await settled();
    expect(states()).toEqual(['running', 'waiting', 'waiting']);
    await runs[2]?.finish();
    expect(runs.slice(3)).toMatchObject([
      { request: { seed: 1 }, done: Int32Array.of(10) },
      { request: { seed: 2 }, done: Int32Array.of(20) },
    ]);
  });

  it('are at most eight', () => {
    const { states, vary } = setUpVariations();
    for (let seed = 0; seed < 10; seed++) vary(seed);
    expect(states().filter((state) => state === 'running')).toHaveLength(8);
  });
});

it('changes, moves and removes', async () => {
  const { queue, runs, jobs, add } = setUp();
  add(1);
  const [second, third] = [add(2), add(3)];
  queue.move(third, 1);
  expect(jobs().map(({ title }) => title)).toEqual(['job 1', 'job 3', 'job 2']);
  queue.edit(second, request(22), 'other');
  queue.remove(third);
  await runs[0]?.finish();
  expect(runs[1]?.request.seed).toBe(22);
  expect(() => queue.edit(second, request(5), '')).toThrow('has not begun');
  expect(() => queue.cancel(third)).toThrow('not in the queue');
});

it('keeps maps and kept tokens to itself, and does not lose them when a job is changed', async () => {
  const { queue, runs, jobs } = setUp();
  const control = { kind: 'canny', image } as const;
  const kept = { tokens: Int32Array.of(1), mask: Uint8Array.of(1) };
  queue.add(request(1), ORIGIN, '');
  const [second, third] = [1, 2].map(() => queue.add({ ...request(2), prompt: 'a lake', control, kept }, ORIGIN, ''));
  expect(jobs()[1]?.request).toEqual({ ...request(2), prompt: 'a lake' });
  queue.edit(second as string, { ...request(3), prompt: 'a house', control: undefined, kept: undefined }, '');
  queue.edit(third as string, { ...request(4), model: 'other' }, '');
  await runs[0]?.finish();
  expect(runs[1]?.request).toEqual({ ...request(3), prompt: 'a house', control, kept });
  await runs[1]?.finish();
  expect(runs[2]?.request).toEqual({ ...request(4), model: 'other' });
});

describe('live painting', () => {
  const live = { ...ORIGIN, live: true };

  it('replaces the older runs of its painting, before all others, and keeps nothing', async () => {
    const { runs, jobs, saves, events, add } = setUp();
    add(1, live);
    add(2);
    add(3, live);
    add(4, { ...live, painting: 'other' });
    expect(runs[0]?.stopped).toBe(true);
    await settled();
    const seeds = jobs().map((job) => job.request.seed);
    expect(seeds).toEqual([4, 3, 2]);
    expect(saves.flat().every(({ origin }) => !origin.live)).toBe(true);
    await runs[1]?.finish();
    expect(jobs().some((job) => job.request.seed === runs[1]?.request.seed)).toBe(false);
    expect(events.find((event) => event.type === 'finished')).toMatchObject({ picture: { picture: null } });
  });

  it('ends with its window, while other runs are paused', async () => {
    const { queue, states, add } = setUp();
    const [first, second] = [add(1), add(2, live)];
    queue.release(second);
    queue.release(first);
    queue.release('gone');
    expect(states()).toEqual(['paused']);
  });
});

describe('the log of the last run', () => {
  const job = (state: Job['state'], seed: number): Job => {
    const place = { step: 1, steps: 3, progress: 0.3, leftMs: 5, error: null, tokens: Int32Array.of(1) };
    return { id: String(seed), state, request: request(seed), origin: ORIGIN, title: '', ...place };
  };

  it('comes back paused, and new pictures are made at once', () => {
    const { runs, states, add } = setUp([job('done', 1), job('running', 2), job('waiting', 3), job('failed', 4)]);
    expect(states()).toEqual(['done', 'paused', 'paused', 'failed']);
    add(5);
    expect(runs.map((run) => run.request.seed)).toEqual([5]);
  });

  it('is written when the program ends, with what ran', async () => {
    const { queue, runs, saves, add } = setUp();
    add(1);
    runs[0]?.step(0);
    await queue.close();
    expect(saves.at(-1)).toMatchObject([{ state: 'paused', tokens: Int32Array.of(10) }]);
  });

  it('holds the last fifty that are settled', async () => {
    const { queue, jobs, add } = setUp();
    for (let i = 0; i < 60; i++) queue.cancel(add(i));
    await settled();
    expect(jobs()).toHaveLength(50);
    expect(jobs().at(-1)?.request.seed).toBe(59);
  });
});

it('spares windows the tokens', () => {
  const { runs, jobs, add } = setUp();
  add(1);
  runs[0]?.step(0);
  expect(jobs()[0]).toMatchObject({ step: 1, tokens: new Int32Array(0) });
});
