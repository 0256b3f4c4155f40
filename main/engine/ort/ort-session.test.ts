import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../native-models/graph/graph-builder.ts';
import { cast, matmul } from '../../../native-models/graph/ops.ts';
import { float32, floats, type HostTensor, int64 } from '../../../native-models/runtime.ts';
import { contiguousStrides, type StorageType, type TensorEntry } from '../../../native-models/weights/tensor-entry.ts';
import { createOrtSession } from './ort-session.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-ort-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a checkpoint whose only tensor starts at an odd offset. */
function store(file: string, type: StorageType, shape: readonly number[], data: Uint8Array): TensorEntry {
  const path = join(folder, file);
  const lead = new Uint8Array(13).fill(0xff);
  writeFileSync(path, Buffer.concat([lead, data]));
  return { name: 'weight', type, shape, strides: contiguousStrides(shape), file: path, offset: lead.length };
}

describe('weights in a checkpoint', () => {
  it('are found from the bytes of a graph, small and at an unaligned offset', async () => {
    const values = Float32Array.of(1, 2, 3, 4);
    const g = new GraphBuilder('external', 'cpu');
    const x = g.input('x', 'float32', ['n', 2]);
    const weight = g.stored(store('f32.bin', 'f32', [2, 2], new Uint8Array(values.buffer)));
    g.output('y', matmul(g, x, weight));
    const session = await createOrtSession(g.build(), 'cpu');
    expect(await session.run({ x: float32(Float32Array.of(1, 10), 1, 2) })).toEqual({
      y: { type: 'float32', data: Float32Array.of(31, 42), shape: [1, 2] },
    });
    await session.dispose();
  });

  it('in float16 are cast inside the graph', async () => {
    const halves = Uint16Array.of(0x3c00, 0x4000, 0xc200, 0x3800); // 1, 2, −3, 0.5
    const g = new GraphBuilder('half', 'cpu');
    const x = g.input('x', 'float32', [1, 2]);
    const weight = g.stored(store('f16.bin', 'f16', [2, 2], new Uint8Array(halves.buffer)));
    g.output('y', matmul(g, x, cast(g, weight, 'float32')));
    const session = await createOrtSession(g.build(), 'cpu');
    expect(floats(await session.run({ x: float32(Float32Array.of(1, 1), 1, 2) }), 'y')).toEqual(
      Float32Array.of(-2, 2.5),
    );
    await session.dispose();
  });

  it('that are missing make the session fail, and the next one works', async () => {
    const entry = store('gone.bin', 'f32', [2, 2], new Uint8Array(16));
    rmSync(entry.file);
    const g = new GraphBuilder('gone', 'cpu');
    g.output('y', matmul(g, g.input('x', 'float32', [1, 2]), g.stored(entry)));
    await expect(createOrtSession(g.build(), 'cpu')).rejects.toMatchObject({
      code: 'session-failed',
      message: 'The inference runtime could not run gone.',
      detail: expect.stringContaining('gone.bin'),
    });
    await (await createOrtSession(doubling(), 'cpu')).dispose();
  });
});

function doubling() {
  const g = new GraphBuilder('doubling', 'cpu');
  const x = g.input('x', 'float32', [1, 'n']);
  g.output('y', g.node('Add', [x, x], x));
  return g.build();
}

describe('runs', () => {
  it.each<HostTensor>([
    float32(Float32Array.of(1.5), 1),
    int64([2 ** 40], 1),
    { type: 'int32', data: Int32Array.of(-7), shape: [1] },
  ])('pass $type through', async (tensor) => {
    const g = new GraphBuilder('identity', 'cpu');
    g.output('y', g.input('x', tensor.type, [1]));
    const session = await createOrtSession(g.build(), 'cpu');
    expect(await session.run({ x: tensor })).toEqual({ y: tensor });
    await session.dispose();
  });

  it('that fail tell session, inputs, types and shapes', async () => {
    const session = await createOrtSession(doubling(), 'cpu');
    const detail = await session.run({ x: int64([1, 2], 2) }).catch((error: { code: string; detail: string }) => {
      expect(error.code).toBe('session-failed');
      return error.detail;
    });
    expect(detail).toContain('session: doubling\nwants: x float32 (1, n)\ngiven: x int64 (2)');
    await session.dispose();
  });

  it('refuse to give out a type that pipelines do not take', async () => {
    const g = new GraphBuilder('flag', 'cpu');
    g.output('y', cast(g, g.input('x', 'float32', [1]), 'bool'));
    const session = await createOrtSession(g.build(), 'cpu');
    await expect(session.run({ x: float32(Float32Array.of(1), 1) })).rejects.toMatchObject({
      code: 'session-failed',
      detail: expect.stringContaining('Output y is of type bool'),
    });
    await session.dispose();
  });

  it('that need more memory than there is are out of memory', async () => {
    const g = new GraphBuilder('huge', 'cpu');
    const shape = g.input('shape', 'int64', [2]);
    g.output('y', g.node('ConstantOfShape', [shape], { type: 'float32', shape: ['a', 'b'] }));
    const session = await createOrtSession(g.build(), 'cpu');
    await expect(session.run({ shape: int64([2 ** 22, 2 ** 22], 2) })).rejects.toMatchObject({
      code: 'out-of-memory',
      hint: expect.stringContaining('smaller model'),
    });
    await session.dispose();
  });

  it('after dispose are refused', async () => {
    const session = await createOrtSession(doubling(), 'cpu');
    await session.dispose();
    await session.dispose();
    await expect(session.run({ x: float32(Float32Array.of(1), 1, 1) })).rejects.toMatchObject({ code: 'internal' });
  });
});
