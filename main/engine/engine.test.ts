import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { EngineApi, EngineOptions, ModelSource } from '../../app/contracts/engine-api.ts';
import { ENGINE_CONTRACT } from '../../app/contracts/engine-contract.ts';
import type { Client } from '../../app/contracts/rpc.ts';
import { connect } from '../../app/contracts/rpc-client.ts';
import { serve } from '../../app/contracts/rpc-server.ts';
import { createMemoryPorts } from '../../app/contracts/testing/memory-ports.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import { readSafetensors } from '../checkpoints/read-safetensors.ts';
import { writeSafetensors } from '../checkpoints/write-safetensors.ts';
import { createEngine } from './engine.ts';
import { FakePipeline } from './testing/fake-pipeline.ts';

const OPTIONS: EngineOptions = { provider: 'auto', precision: 'fp32', previews: 'linear' };
const REQUEST = { model: 'm', label: null, seed: 5, settings: {} };

let folder: string;
let source: ModelSource;
let pipeline: FakePipeline;
let client: Client<EngineApi>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-engine-'));
  const file = join(folder, 'model.pth');
  await writeFile(file, 'weights');
  source = { id: 'm', files: [file], labels: [], defaults: {}, preview: undefined };
  pipeline = new FakePipeline('fake');
  const engine = createEngine({
    loadModel: async () => pipeline,
    chooseProvider: async () => 'cpu',
    measureSpeed: async () => 1e9,
    threads: () => 4,
    reportDevices: async () => ({ chosen: 'cpu', reason: 'It is all there is.', providers: [] }),
  });
  const [left, right] = createMemoryPorts();
  serve(ENGINE_CONTRACT, engine, left, (error) => expect.fail(error.message));
  client = connect(ENGINE_CONTRACT, right, {
    closedError: () => new StudioError('engine-crashed', 'gone'),
    reportBadMessage: (error) => expect.fail(error.message),
  });
});

afterEach(async () => {
  client.dispose();
  await rm(folder, { recursive: true });
});

describe('generate', () => {
  it('streams all steps and the image, and reports', async () => {
    const events: PipelineEvent[] = [];
    const report = await client.call('generate', [source, OPTIONS, REQUEST], {
      onEvent: (event) => void events.push(event),
    });
    expect(events.map((event) => [event.type, ...(event.type === 'preview' ? [] : event.tokens)])).toEqual([
      ['step', 5],
      ['step', 6],
      ['step', 7],
      ['image', 5, 6, 7],
    ]);
    expect(report).toMatchObject({ provider: 'cpu', precision: 'fp32' });
    expect(report.totalMs).toBeGreaterThanOrEqual(report.firstPreviewMs + report.decodeMs);
    expect(report.firstPreviewMs).toBeGreaterThan(0);
    expect(report.peakRssBytes).toBeGreaterThan(10 * 2 ** 20);
  });

  it('sees a cancel between steps, even when the pipeline does not look', async () => {
    const stop = new AbortController();
    const call = client.call('generate', [source, OPTIONS, REQUEST], {
      signal: stop.signal,
      onEvent: () => stop.abort(),
    });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(pipeline.steps).toBeLessThan(3);
  });

  it('runs one at a time, in order; what is cancelled in the queue never runs', async () => {
    const order: number[] = [];
    const run = (seed: number, signal?: AbortSignal) =>
      client.call('generate', [source, OPTIONS, { ...REQUEST, seed }], {
        signal,
        onEvent: (event) => {
          if (event.type === 'step') order.push(seed);
        },
      });
    const stop = new AbortController();
    const calls = [run(10), run(20, stop.signal).catch(() => {}), run(30)];
    stop.abort();
    await Promise.all(calls);
    expect(order).toEqual([10, 10, 10, 30, 30, 30]);
  });
});

it('describes, decodes, fits and reports devices', async () => {
  expect(await client.call('describe', [source, OPTIONS])).toEqual(pipeline.describe());
  expect(await client.call('decode', [source, OPTIONS, Int32Array.of(9), undefined])).toEqual({
    width: 1,
    height: 1,
    data: Uint8Array.of(9, 9, 9),
  });
  expect(await client.call('fitPreview', [source, OPTIONS])).toEqual([1, 2, 3]);
  expect(await client.call('devices', [OPTIONS])).toMatchObject({ chosen: 'cpu' });
});

it('loads the model again after it ran out of memory', async () => {
  pipeline.decode = async () => {
    throw new StudioError('out-of-memory', 'full');
  };
  const call = client.call('decode', [source, OPTIONS, Int32Array.of(9), undefined]);
  await expect(call).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(pipeline.disposed).toBe(true);
});

it('writes traces, and follows forced tensors from a file', async () => {
  const force = join(folder, 'force.safetensors');
  const out = join(folder, 'out.safetensors');
  await writeSafetensors(force, new Map([['tokens', { type: 'i32', shape: [2], data: Int32Array.of(1, 2) }]]));
  const { tensors } = await client.call('trace', [source, OPTIONS, { run: { label: 3 }, force, out }]);
  expect(tensors).toEqual(['tokens', 'label']);
  expect(await readSafetensors(out)).toEqual(
    new Map([
      ['tokens', { type: 'i32', shape: [2], data: Int32Array.of(1, 2) }],
      ['label', { type: 'f32', shape: [1], data: Float32Array.of(3) }],
    ]),
  );
});
