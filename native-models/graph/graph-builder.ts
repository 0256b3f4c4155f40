/**
 * Builds an ONNX graph node by node. Operators are the free functions of `ops.ts`; they check shapes as they go, so
 * that a wrong graph fails where it is written and not inside the runtime.
 *
 * Node names are paths (`/blocks.0/attn/MatMul`), constants are shared by value, and weights keep their checkpoint names
 * and stay in the checkpoint's file: an initializer is external data with an offset into it.
 */
import { byteLength, elementCount, isContiguous, type StorageType, type TensorEntry } from '../weights/tensor-entry.ts';
import type { OnnxModel } from './onnx-model.ts';
import { ProtoWriter } from './proto-writer.ts';
import { type Dim, formatShape, GraphError, type Shape } from './shapes.ts';

export type ElementType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int8'
  | 'uint8'
  | 'bool';

/** An edge of the graph. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operator set; ONNX's own when left out. */
  readonly domain?: 'com.microsoft';
}

export type ValueType = Pick<Value, 'type' | 'shape'>;

/** Versions of the operator sets that the graphs are written in. */
const OPSETS = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
];
const IR_VERSION = 10;
/** Constants up to this many elements are named by value and shared. */
const INTERNED_ELEMENTS = 16;

/** ONNX TensorProto.DataType. */
const DATA_TYPES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

const STORAGE_ELEMENTS: Readonly<Partial<Record<StorageType, ElementType>>> = {
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  f64: 'float64',
  i64: 'int64',
  i32: 'int32',
  i8: 'int8',
  u8: 'uint8',
  bool: 'bool',
};

/** What will run the graph: some layers are written differently for the CPU's kernels, with the same result. */
export type Target = 'cpu' | 'gpu';

export class GraphBuilder {
  readonly name: string;
  readonly target: Target;
  readonly #nodes: ((graph: ProtoWriter) => void)[] = [];
  readonly #initializers: ((graph: ProtoWriter) => void)[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #interned = new Map<string, Value>();
  readonly #names = new Map<string, number>();
  readonly #path: string[] = [];
  readonly #noted = new Map<string, Value[]>();
  #folder: string | undefined;

  constructor(name: string, target: Target) {
    this.name = name;
    this.target = target;
  }

  /** Builds a part of the graph; its nodes are named under `name`. */
  scope<T>(name: string, build: () => T): T {
    this.#path.push(name);
    try {
      return build();
    } finally {
      this.#path.pop();
    }
  }

  input(name: string, type: ElementType, shape: Shape): Value {
    const value = { name, type, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Makes a value an output of the graph under a name of its own. */
  output(name: string, value: Value): void {
    const output = { ...value, name };
    this.#nodes.push((graph) => {
      graph.message(1, (node) => writeNode(node, 'Identity', [value.name], [name], name));
    });
    this.#outputs.push(output);
  }

  /** Notes a value that layers anywhere contribute to something about the whole graph; see `noted`. */
  note(topic: string, value: Value): void {
    this.#noted.set(topic, [...this.noted(topic), value]);
  }

  noted(topic: string): readonly Value[] {
    return this.#noted.get(topic) ?? [];
  }

  /** Appends a node with one output. */
  node(operator: string, inputs: readonly (Value | undefined)[], result: ValueType, options: NodeOptions = {}): Value {
    return this.nodeWithOutputs(operator, inputs, [result], options)[0] as Value;
  }

  /** Appends a node. An `undefined` input is one that is left out. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly (Value | undefined)[],
    results: readonly ValueType[],
    options: NodeOptions = {},
  ): Value[] {
    const name = this.#uniqueName(operator);
    const outputs = results.map(({ type, shape }, index) => ({ name: `${name}:${index}`, type, shape }));
    this.#nodes.push((graph) =>
      graph.message(1, (node) => {
        const names = inputs.map((input) => input?.name ?? '');
        writeNode(
          node,
          operator,
          names,
          outputs.map(({ name }) => name),
          name,
          options,
        );
      }),
    );
    return [...outputs];
  }

  floats(data: Float32Array | readonly number[], ...shape: number[]): Value {
    return this.#constant('float32', shape, Float32Array.from(data));
  }

  integers(data: readonly number[], ...shape: number[]): Value {
    return this.#constant('int64', shape, BigInt64Array.from(data, BigInt));
  }

  bytes(type: 'uint8' | 'int8', data: Uint8Array | Int8Array, ...shape: number[]): Value {
    return this.#constant(type, shape, data);
  }

  /**
   * A tensor of a checkpoint, as it is stored. Its bytes stay in the file.
   *
   * @param shape another shape for the same elements
   * @throws GraphError when its elements are not contiguous, or when it lies in another folder than the graph's other weights
   */
  stored(entry: TensorEntry, shape: readonly number[] = entry.shape): Value {
    const name = shape === entry.shape ? entry.name : `${entry.name} ${formatShape(shape)}`;
    const known = this.#interned.get(name);
    if (known) return known;
    const type = STORAGE_ELEMENTS[entry.type];
    if (!type) throw new GraphError(`${entry.name} is of type ${entry.type}, which a graph cannot hold.`);
    if (!isContiguous(entry)) throw new GraphError(`${entry.name} is not contiguous.`);
    const location = this.#locate(entry.file);
    if (elementCount(shape) !== elementCount(entry.shape)) {
      throw new GraphError(`${entry.name} ${formatShape(entry.shape)} cannot be read as ${formatShape(shape)}.`);
    }
    const value = { name, type, shape };
    this.#initializers.push((graph) =>
      graph.message(5, (tensor) => writeExternalTensor(tensor, value, { ...entry, location })),
    );
    this.#interned.set(name, value);
    return value;
  }

  build(): OnnxModel {
    const model = new ProtoWriter().int(1, IR_VERSION).string(2, 'underpaint');
    model.message(7, (graph) => {
      for (const write of this.#nodes) write(graph);
      graph.string(2, this.name);
      for (const write of this.#initializers) write(graph);
      for (const value of this.#inputs) graph.message(11, (info) => writeValueInfo(info, value));
      for (const value of this.#outputs) graph.message(12, (info) => writeValueInfo(info, value));
    });
    for (const { domain, version } of OPSETS) {
      model.message(8, (opset) => opset.string(1, domain).int(2, version));
    }
    return { name: this.name, bytes: model.finish(), folder: this.#folder };
  }

  #constant(
    type: ElementType,
    shape: readonly number[],
    data: Float32Array | BigInt64Array | Uint8Array | Int8Array,
  ): Value {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length) throw new GraphError(`${data.length} values do not fill ${formatShape(shape)}.`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = data.length <= INTERNED_ELEMENTS ? `${type}${formatShape(shape)}[${data.join()}]` : undefined;
    const known = key && this.#interned.get(key);
    if (known) return known;
    const value = { name: key ?? this.#uniqueName('constant'), type, shape };
    this.#initializers.push((graph) =>
      graph.message(5, (tensor) => {
        writeTensorHead(tensor, value);
        tensor.bytes(9, bytes);
      }),
    );
    if (key) this.#interned.set(key, value);
    return value;
  }

  #locate(file: string): string {
    const slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    const folder = file.slice(0, slash);
    this.#folder ??= folder;
    if (this.#folder !== folder)
      throw new GraphError(`${file} is not in ${this.#folder}, where the other weights are.`);
    return file.slice(slash + 1);
  }

  #uniqueName(base: string): string {
    const path = `/${[...this.#path, base].join('/')}`;
    const count = this.#names.get(path) ?? 0;
    this.#names.set(path, count + 1);
    return count === 0 ? path : `${path}_${count}`;
  }
}

function writeNode(
  node: ProtoWriter,
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  name: string,
  { attributes = {}, domain }: NodeOptions = {},
): void {
  for (const input of inputs) node.string(1, input);
  for (const output of outputs) node.string(2, output);
  node.string(3, name).string(4, operator);
  for (const [key, value] of Object.entries(attributes)) {
    node.message(5, (attribute) => writeAttribute(attribute.string(1, key), value));
  }
  if (domain) node.string(7, domain);
}

/** AttributeProto.type: FLOAT 1, INT 2, STRING 3, INTS 7. */
function writeAttribute(attribute: ProtoWriter, value: Attribute): void {
  if (typeof value === 'number') attribute.int(3, value).int(20, 2);
  else if (typeof value === 'string') attribute.string(4, value).int(20, 3);
  else if ('float' in value) attribute.float(2, value.float).int(20, 1);
  else {
    for (const item of value) attribute.int(8, item);
    attribute.int(20, 7);
  }
}

function writeTensorHead(tensor: ProtoWriter, { name, type, shape }: Value): void {
  for (const dim of shape) tensor.int(1, dim as number);
  tensor.int(2, DATA_TYPES[type]).string(8, name);
}

function writeExternalTensor(
  tensor: ProtoWriter,
  value: Value,
  entry: Pick<TensorEntry, 'offset' | 'shape' | 'type'> & { location: string },
): void {
  writeTensorHead(tensor, value);
  const facts = { location: entry.location, offset: `${entry.offset}`, length: `${byteLength(entry)}` };
  for (const [key, text] of Object.entries(facts)) {
    tensor.message(13, (pair) => pair.string(1, key).string(2, text));
  }
  tensor.int(14, 1);
}

function writeValueInfo(info: ProtoWriter, { name, type, shape }: Value): void {
  info.string(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensorType) => {
      tensorType.int(1, DATA_TYPES[type]);
      tensorType.message(2, (shapeProto) => {
        for (const dim of shape) shapeProto.message(1, (dimProto) => writeDim(dimProto, dim));
      });
    }),
  );
}

function writeDim(writer: ProtoWriter, dim: Dim): void {
  if (typeof dim === 'number') writer.int(1, dim);
  else writer.string(2, dim);
}
