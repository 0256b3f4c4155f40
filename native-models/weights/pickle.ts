/**
 * A pickle interpreter for data alone. It follows the opcodes that build plain values and the few constructors that
 * tensors need; any other class becomes an opaque object, and nothing is ever imported, constructed or called.
 *
 * It does not recurse, and the steps that it takes are limited, and with them its memory: a step makes at most one small
 * value, values refer to each other, and the one step that copies is charged for each item.
 * Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
import { buildObject, callGlobal, newObject, storageFromId } from './pickle-objects.ts';
import { PickleError, PickleReader } from './pickle-reader.ts';
import { isKind, type PickleGlobal, type PickleList, type PickleTuple, type PickleValue } from './pickle-values.ts';

/** A thousand tensors take 40 000 steps, their optimizer's state three times as many. */
const MAX_STEPS = 1_000_000;

const MARK = Symbol('mark');
type StackItem = PickleValue | typeof MARK;

/** Runs a pickle and returns what it describes. Throws `PickleError`. */
export function interpretPickle(bytes: Uint8Array): PickleValue {
  const machine = new PickleMachine(new PickleReader(bytes));
  return machine.run();
}

class PickleMachine {
  readonly #reader: PickleReader;
  readonly #stack: StackItem[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #steps = 0;

  constructor(reader: PickleReader) {
    this.#reader = reader;
  }

  run(): PickleValue {
    while (!this.#reader.done) {
      this.charge(1);
      const opcode = this.#reader.u8();
      if (opcode === 0x2e) return this.#pop(); // STOP
      const step = OPCODES[opcode];
      if (!step) throw new PickleError(`it has an unknown instruction 0x${opcode.toString(16)}`);
      step(this, this.#reader);
    }
    throw new PickleError('it ends too early');
  }

  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new PickleError(`it has more than ${MAX_STEPS} steps`);
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    return this.#pop();
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw new PickleError('its stack is empty');
    return value;
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleError('its stack has no mark');
    const items = this.#stack.splice(at);
    return items.slice(1) as PickleValue[];
  }

  /** POP drops a value or a mark. */
  drop(): void {
    if (this.#stack.pop() === undefined) throw new PickleError('its stack is empty');
  }

  remember(key: number): void {
    this.#memo.set(key, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw new PickleError('it refers to something that it does not have');
    this.push(value);
  }

  #pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }
}

type Step = (machine: PickleMachine, reader: PickleReader) => void;

const constant =
  (value: PickleValue): Step =>
  (machine) =>
    machine.push(value);

const skipped =
  (length: (reader: PickleReader) => number): Step =>
  (machine, reader) => {
    reader.skip(length(reader));
    machine.push({ kind: 'opaque', of: 'bytes' });
  };

const tupleOf =
  (size: number): Step =>
  (machine) => {
    const items = Array.from({ length: size }, () => machine.pop()).reverse();
    machine.push({ kind: 'tuple', items });
  };

const u8 = (reader: PickleReader) => reader.u8();
const u32 = (reader: PickleReader) => reader.u32();
const u64 = (reader: PickleReader) => reader.u64();
const ignore: Step = () => {};

const OPCODES: Readonly<Record<number, Step>> = {
  128: (_, reader) => reader.skip(1), // PROTO
  149: (_, reader) => reader.skip(8), // FRAME
  40: (machine) => machine.mark(), // MARK
  48: (machine) => machine.drop(), // POP
  49: (machine) => void machine.popToMark(), // POP_MARK
  50: (machine) => machine.push(machine.top()), // DUP

  113: (machine, reader) => machine.remember(reader.u8()), // BINPUT
  114: (machine, reader) => machine.remember(reader.u32()), // LONG_BINPUT
  112: (machine, reader) => machine.remember(Number(reader.line())), // PUT
  148: (machine) => machine.memoize(), // MEMOIZE
  104: (machine, reader) => machine.recall(reader.u8()), // BINGET
  106: (machine, reader) => machine.recall(reader.u32()), // LONG_BINGET
  103: (machine, reader) => machine.recall(Number(reader.line())), // GET

  78: constant(null), // NONE
  136: constant(true), // NEWTRUE
  137: constant(false), // NEWFALSE
  74: (machine, reader) => machine.push(reader.i32()), // BININT
  75: (machine, reader) => machine.push(reader.u8()), // BININT1
  77: (machine, reader) => machine.push(reader.u16()), // BININT2
  138: (machine, reader) => machine.push(reader.long(reader.u8())), // LONG1
  139: (machine, reader) => machine.push(reader.long(reader.u32())), // LONG4
  73: (machine, reader) => machine.push(parseInt10(reader.line())), // INT
  76: (machine, reader) => machine.push(parseInt10(reader.line().replace(/L$/, ''))), // LONG
  71: (machine, reader) => machine.push(reader.f64()), // BINFLOAT
  70: (machine, reader) => machine.push(Number(reader.line())), // FLOAT

  88: (machine, reader) => machine.push(reader.text(reader.u32())), // BINUNICODE
  140: (machine, reader) => machine.push(reader.text(reader.u8())), // SHORT_BINUNICODE
  141: (machine, reader) => machine.push(reader.text(reader.u64())), // BINUNICODE8
  86: (machine, reader) => machine.push(reader.line()), // UNICODE
  83: (machine, reader) => machine.push(reader.line().slice(1, -1)), // STRING
  84: (machine, reader) => machine.push(reader.text(reader.u32())), // BINSTRING
  85: (machine, reader) => machine.push(reader.text(reader.u8())), // SHORT_BINSTRING
  67: skipped(u8), // SHORT_BINBYTES
  66: skipped(u32), // BINBYTES
  142: skipped(u64), // BINBYTES8
  150: skipped(u64), // BYTEARRAY8

  41: tupleOf(0), // EMPTY_TUPLE
  133: tupleOf(1), // TUPLE1
  134: tupleOf(2), // TUPLE2
  135: tupleOf(3), // TUPLE3
  116: (machine) => machine.push({ kind: 'tuple', items: machine.popToMark() }), // TUPLE
  93: (machine) => machine.push({ kind: 'list', items: [] }), // EMPTY_LIST
  108: (machine) => machine.push({ kind: 'list', items: machine.popToMark() }), // LIST
  97: (machine) => append(machine, [machine.pop()]), // APPEND
  101: (machine) => append(machine, machine.popToMark()), // APPENDS
  143: (machine) => machine.push({ kind: 'list', items: [] }), // EMPTY_SET
  144: (machine) => append(machine, machine.popToMark()), // ADDITEMS
  145: (machine) => machine.push({ kind: 'list', items: machine.popToMark() }), // FROZENSET
  125: (machine) => machine.push({ kind: 'dict', items: new Map() }), // EMPTY_DICT
  100: (machine) => {
    const items = machine.popToMark(); // DICT
    machine.push({ kind: 'dict', items: new Map() });
    setItems(machine, items);
  },
  115: (machine) => {
    const value = machine.pop(); // SETITEM
    setItems(machine, [machine.pop(), value]);
  },
  117: (machine) => setItems(machine, machine.popToMark()), // SETITEMS

  99: (machine, reader) => machine.push(globalOf(reader.line(), reader.line())), // GLOBAL
  147: (machine) => {
    const name = machine.pop(); // STACK_GLOBAL
    machine.push(globalOf(machine.pop(), name));
  },
  82: (machine) => {
    const args = argumentTuple(machine.pop()); // REDUCE
    machine.push(callGlobal(machine.pop(), args));
  },
  129: (machine) => {
    machine.pop(); // NEWOBJ: class, arguments
    machine.push(newObject(machine.pop()));
  },
  146: (machine) => {
    machine.pop(); // NEWOBJ_EX: class, arguments, keywords
    machine.pop();
    machine.push(newObject(machine.pop()));
  },
  105: (machine, reader) => {
    machine.popToMark(); // INST
    machine.push(newObject(globalOf(reader.line(), reader.line())));
  },
  111: (machine) => machine.push(newObject(machine.popToMark()[0] ?? null)), // OBJ
  98: (machine) => {
    const state = machine.pop(); // BUILD
    if (isKind(state, 'dict')) machine.charge(state.items.size);
    buildObject(machine.top(), state);
  },
  80: (machine, reader) => {
    reader.line(); // PERSID
    machine.push({ kind: 'opaque', of: 'persistent id' });
  },
  81: (machine) => machine.push(storageFromId(machine.pop())), // BINPERSID
  130: skipped(() => 1), // EXT1
  131: skipped(() => 2), // EXT2
  132: skipped(() => 4), // EXT4
  152: ignore, // READONLY_BUFFER
};

function parseInt10(text: string): number | boolean {
  if (text === '01' || text === '00') return text === '01';
  const value = Number(text);
  if (!Number.isInteger(value)) throw new PickleError('it holds a number that is none');
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}

/** What is appended to something other than a list is dropped with it: an opaque object keeps nothing. */
function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target: PickleValue | PickleList = machine.top();
  if (!isKind(target, 'list')) return;
  for (const item of items) target.items.push(item);
}

function setItems(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  const target = machine.top();
  if (pairs.length % 2 !== 0) throw new PickleError('a dictionary in it has a key without a value');
  if (!isKind(target, 'dict')) return;
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i];
    if (typeof key === 'string') target.items.set(key, pairs[i + 1] as PickleValue);
  }
}

function globalOf(module: PickleValue, name: PickleValue): PickleGlobal {
  if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('a class in it has no name');
  return { kind: 'global', name: `${module}.${name}` };
}

function argumentTuple(value: PickleValue): PickleTuple {
  return isKind(value, 'tuple') ? value : { kind: 'tuple', items: [] };
}
