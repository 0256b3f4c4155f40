import { describe, expect, it } from 'vitest';
import { interpretPickle } from './pickle.ts';
import { PickleError } from './pickle-reader.ts';
import { isKind } from './pickle-values.ts';

/** Characters are bytes. */
const run = (text: string) => interpretPickle(Uint8Array.from(text, (character) => character.charCodeAt(0)));
const list = (...items: unknown[]) => ({ kind: 'list', items });
const tuple = (...items: unknown[]) => ({ kind: 'tuple', items });
const dict = (fields: object) => ({ kind: 'dict', items: new Map(Object.entries(fields)) });
const text = (value: string) => `\x8c${String.fromCharCode(value.length)}${value}`;

const REBUILD = 'ctorch._utils\n_rebuild_tensor_v2\n';
const STORAGE = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x08tQ`;

describe('plain values', () => {
  it.each<[string, string, unknown]>([
    ['None, True, False', '(N\x88\x89t.', tuple(null, true, false)],
    ['whole numbers', '(K\x05M\x01\x02J\xff\xff\xff\xffI7\nL-8L\nt.', tuple(5, 513, -1, 7, -8)],
    ['long numbers', '(\x8a\x00\x8a\x01\xff\x8b\x02\x00\x00\x00\x00\x01t.', tuple(0, -1, 256)],
    ['protocol 0 booleans', '(I00\nI01\nt.', tuple(false, true)],
    ['fractions', 'G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
    ['text', `(X\x01\x00\x00\x00a${text('b')}Vc\nS'd'\nt.`, tuple('a', 'b', 'c', 'd')],
    ['lists', '](K\x01K\x02e(K\x03la.', list(1, 2, list(3))],
    ['dictionaries', `}(${text('a')}K\x01${text('b')}K\x02u.`, dict({ a: 1, b: 2 })],
    ['protocol 0 dictionaries', `(${text('a')}K\x01d.`, dict({ a: 1 })],
    ['keys that are not text, without them', `}(K\x07K\x01${text('b')}K\x02u.`, dict({ b: 2 })],
    ['sets', '\x8f(K\x01K\x02\x90.', list(1, 2)],
    ['protocol 4 frames', '\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00K\x01.', 1],
    ['ordered dictionaries with metadata', `ccollections\nOrderedDict\n)R(${text('a')}K\x01u}b.`, dict({ a: 1 })],
    ['name spaces', `cargparse\nNamespace\n)\x81}${text('lr')}K\x02sb.`, dict({ lr: 2 })],
    ['sizes', 'ctorch\nSize\n(K\x02K\x03t\x85R.', tuple(2, 3)],
  ])('reads %s', (_, pickle, expected) => {
    expect(run(pickle)).toEqual(expected);
  });

  it('shares what the memo shares', () => {
    const value = run(']\x94h\x00h\x00\x87.');
    const items = isKind(value, 'tuple') ? value.items : [];
    expect(items).toHaveLength(3);
    expect(new Set(items).size).toBe(1);
  });
});

describe('tensors', () => {
  it('are described', () => {
    expect(run(`${REBUILD}(${STORAGE}K\x01K\x02K\x03\x86K\x03K\x01\x86\x89ccollections\nOrderedDict\n)RtR.`)).toEqual({
      kind: 'tensor',
      storage: { kind: 'storage', key: '0', type: 'f32', count: 8 },
      type: 'f32',
      offset: 1,
      shape: [2, 3],
      strides: [3, 1],
    });
  });

  it.each(['_rebuild_parameter', '_rebuild_parameter_with_state'])('are found inside %s', (name) => {
    const tensor = `${REBUILD}(${STORAGE}K\x00K\x02\x85K\x01\x85tR`;
    expect(run(`ctorch._utils\n${name}\n(${tensor}\x89NtR.`)).toMatchObject({ shape: [2] });
  });

  it.each([
    ['negative sizes', 'J\xff\xff\xff\xff'],
    ['sizes beyond 53 bits', '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x10'],
    ['sizes that are not numbers', 'G\x7f\xf8\x00\x00\x00\x00\x00\x00'],
    ['sizes that are text', text('2')],
  ])('with %s are refused', (_, size) => {
    expect(() => run(`${REBUILD}(${STORAGE}K\x00${size}\x85K\x01\x85tR.`)).toThrow(PickleError);
  });

  it('keep the shape that was checked, whatever the list becomes', () => {
    const shape = `](K\x02e\x94`;
    const tensor = `${REBUILD}(${STORAGE}K\x00${shape}](K\x01etR\x94`;
    expect(run(`${tensor}h\x00${text('x')}a0h\x01.`)).toMatchObject({ kind: 'tensor', shape: [2] });
  });

  it('of storages that are not known are opaque', () => {
    const storage = STORAGE.replace('FloatStorage', 'QUInt8Storage');
    expect(run(`${REBUILD}(${storage}K\x00K\x02\x85K\x01\x85tR.`)).toMatchObject({ kind: 'opaque' });
  });
});

describe('what is not known', () => {
  it.each([
    ['REDUCE', "cos\nsystem\n(S'true'\ntR."],
    ['NEWOBJ', 'cos\nsystem\n)\x81.'],
    ['INST', "(S'true'\nios\nsystem\n."],
    ['OBJ', "(cos\nsystem\nS'true'\no."],
    ['STACK_GLOBAL', `${text('os')}${text('system')}\x93)R.`],
    ['BUILD on an opaque object', `cos\nsystem\n)\x81}${text('a')}K\x01sb.`],
    ['REDUCE of what REDUCE made', 'cos\nsystem\n)R)R.'],
  ])('stays opaque: %s', (_, pickle) => {
    expect(run(pickle)).toMatchObject({ kind: 'opaque' });
  });
});

describe('bombs', () => {
  it.each([
    ['too many values', '}'.repeat(3e6)],
    [
      'copies of a large dictionary',
      `]q\x01}q\x00(${Array.from({ length: 5000 }, (_, i) => `${text(`${i}`)}N`).join('')}u${'}h\x00b'.repeat(5000)}.`,
    ],
    ['an endless text', 'X\xff\xff\xff\xffa.'],
    ['a text of 2^60 bytes', '\x8d\x00\x00\x00\x00\x00\x00\x00\x10a.'],
    ['marks alone', '('.repeat(1e5)],
  ])('are refused: %s', (_, pickle) => {
    expect(() => run(pickle)).toThrow(PickleError);
  });
});
