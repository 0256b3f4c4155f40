import { describe, expect, it } from 'vitest';
import { contiguousStrides, type TensorEntry } from '../weights/tensor-entry.ts';
import { GraphBuilder } from './graph-builder.ts';
import { add } from './ops.ts';
import { GraphError } from './shapes.ts';

function entry(changes: Partial<TensorEntry> = {}): TensorEntry {
  const shape = changes.shape ?? [2, 3];
  const file = '/models/a/weights.pth';
  return { name: 'w', type: 'f32', shape, strides: contiguousStrides(shape), file, offset: 1234567, ...changes };
}

const text = (g: GraphBuilder) => Buffer.from(g.build().bytes).toString('latin1');
const occurrences = (whole: string, part: string) => whole.split(part).length - 1;

describe('constants', () => {
  it('are shared when type, shape and values are equal', () => {
    const g = new GraphBuilder('g', 'cpu');
    expect(g.floats([1, 2], 2)).toBe(g.floats([1, 2], 2));
    expect(g.floats([1, 2], 2)).not.toBe(g.floats([1, 2], 1, 2));
    expect(g.floats([1])).not.toEqual(g.integers([1]));
    expect(g.floats([1, 2], 2)).not.toBe(g.floats([1, 3], 2));
    expect(occurrences(text(g), 'float32(2)[1,2]')).toBe(1);
  });

  it('of many elements are not shared', () => {
    const g = new GraphBuilder('g', 'cpu');
    const many = new Float32Array(17);
    expect(g.floats(many, 17).name).not.toBe(g.floats(many, 17).name);
  });

  it('must fill their shape', () => {
    expect(() => new GraphBuilder('g', 'cpu').floats([1, 2, 3], 2)).toThrow('3 values do not fill (2).');
  });
});

describe('node names', () => {
  it('are paths, counted when they repeat', () => {
    const g = new GraphBuilder('g', 'cpu');
    const x = g.input('x', 'float32', [1]);
    const names = g.scope('blocks.0', () =>
      g.scope('attn', () => [add(g, x, x).name, add(g, x, x).name, add(g, x, x).name]),
    );
    expect(names).toEqual(['/blocks.0/attn/Add:0', '/blocks.0/attn/Add_1:0', '/blocks.0/attn/Add_2:0']);
    expect(add(g, x, x).name).toBe('/Add:0');
  });

  it('leave a scope when building it fails', () => {
    const g = new GraphBuilder('g', 'cpu');
    const x = g.input('x', 'float32', [1]);
    const fail = () => {
      throw new Error('no');
    };
    expect(() => g.scope('broken', fail)).toThrow('no');
    expect(add(g, x, x).name).toBe('/Add:0');
  });
});

describe('stored weights', () => {
  it('point to file, offset and length of the checkpoint', () => {
    const g = new GraphBuilder('g', 'cpu');
    const value = g.stored(entry({ type: 'f16' }));
    expect(value).toEqual({ name: 'w', type: 'float16', shape: [2, 3] });
    const model = g.build();
    expect(model.folder).toBe('/models/a');
    const bytes = Buffer.from(model.bytes).toString('latin1');
    for (const [key, written] of Object.entries({ location: 'weights.pth', offset: '1234567', length: '12' })) {
      const pair = `\n${String.fromCharCode(key.length)}${key}\x12${String.fromCharCode(written.length)}${written}`;
      expect(bytes).toContain(pair);
    }
  });

  it('are written once, and again under another shape', () => {
    const g = new GraphBuilder('g', 'cpu');
    expect(g.stored(entry())).toBe(g.stored(entry()));
    expect(g.stored(entry(), [6])).toMatchObject({ name: 'w (6)', shape: [6] });
    expect(occurrences(text(g), 'location')).toBe(2);
  });

  it('must lie in one folder', () => {
    const g = new GraphBuilder('g', 'cpu');
    g.stored(entry());
    g.stored(entry({ name: 'same', file: '/models/a/other.pth' }));
    const elsewhere = entry({ name: 'v', file: '/models/b/weights.pth' });
    expect(() => g.stored(elsewhere)).toThrow('/models/b/weights.pth is not in /models/a');
  });

  it.each([
    ['not contiguous', { strides: [1, 2] }, undefined],
    ['a graph cannot hold', { type: 'i16' as const }, undefined],
    ['cannot be read as (7)', {}, [7]],
  ])('are refused: %s', (message, changes, shape) => {
    const store = () => new GraphBuilder('g', 'cpu').stored(entry(changes), shape);
    expect(store).toThrow(GraphError);
    expect(store).toThrow(message);
  });

  it('may have any stride along an axis of size 1', () => {
    const value = new GraphBuilder('g', 'cpu').stored(entry({ shape: [1, 3], strides: [99, 1] }));
    expect(value.shape).toEqual([1, 3]);
  });

  it('leave a graph without any in no folder', () => {
    const g = new GraphBuilder('g', 'cpu');
    g.output('y', g.input('x', 'float32', [1]));
    expect(g.build().folder).toBeUndefined();
  });
});
