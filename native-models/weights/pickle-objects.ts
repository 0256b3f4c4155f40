/**
 * The constructors that checkpoints of PyTorch need, as descriptions.
 * Source: PyTorch `torch/_utils.py` and `torch/serialization.py`.
 */
import { isSize } from './corrupt.ts';
import { PickleError } from './pickle-reader.ts';
import {
  isKind,
  type PickleDict,
  type PickleGlobal,
  type PickleOpaque,
  type PickleTensor,
  type PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import type { StorageType } from './tensor-entry.ts';

const MAX_RANK = 16;

const STORAGES: Readonly<Record<string, StorageType | undefined>> = {
  'torch.FloatStorage': 'f32',
  'torch.DoubleStorage': 'f64',
  'torch.HalfStorage': 'f16',
  'torch.BFloat16Storage': 'bf16',
  'torch.LongStorage': 'i64',
  'torch.IntStorage': 'i32',
  'torch.ShortStorage': 'i16',
  'torch.CharStorage': 'i8',
  'torch.ByteStorage': 'u8',
  'torch.BoolStorage': 'bool',
};
const UNTYPED_STORAGES = ['torch.storage.UntypedStorage', 'torch.UntypedStorage'];

const TYPES: Readonly<Record<string, StorageType | undefined>> = {
  'torch.float32': 'f32',
  'torch.float64': 'f64',
  'torch.float16': 'f16',
  'torch.bfloat16': 'bf16',
  'torch.int64': 'i64',
  'torch.int32': 'i32',
  'torch.int16': 'i16',
  'torch.int8': 'i8',
  'torch.uint8': 'u8',
  'torch.bool': 'bool',
};

/** What `function(*args)` describes. Unknown functions describe something opaque. */
export function callGlobal(callee: PickleValue, args: PickleTuple): PickleValue {
  if (!isKind(callee, 'global')) return opaque(callee);
  switch (callee.name) {
    case 'collections.OrderedDict':
    case 'builtins.dict':
      return emptyDict();
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return tensorOf(args.items, undefined);
    case 'torch._utils._rebuild_tensor_v3':
      return tensorOf(args.items, args.items[6]);
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
    case 'torch.Size':
      return args.items[0] ?? opaque(callee);
    default:
      return opaque(callee);
  }
}

/** What `class.__new__(class)` describes. */
export function newObject(type: PickleValue): PickleValue {
  const plain = isKind(type, 'global') && ['argparse.Namespace', 'collections.OrderedDict'].includes(type.name);
  return plain ? emptyDict() : opaque(type);
}

/** Sets an object's state. A dictionary without items takes over its state's; everything else ignores it. */
export function buildObject(target: PickleValue, state: PickleValue): void {
  if (!isKind(target, 'dict') || !isKind(state, 'dict') || target === state || target.items.size > 0) return;
  for (const [key, value] of state.items) target.items.set(key, value);
}

/** A persistent id: ('storage', class, key, location, count). */
export function storageFromId(id: PickleValue): PickleValue {
  const [tag, type, key, , count] = isKind(id, 'tuple') ? id.items : [];
  if (tag !== 'storage' || !isKind(type, 'global') || typeof key !== 'string' || !isSize(count)) return opaque(id);
  const element = STORAGES[type.name];
  if (!element && !UNTYPED_STORAGES.includes(type.name)) return opaque(type);
  return { kind: 'storage', key, type: element, count };
}

function tensorOf(args: readonly PickleValue[], dtype: PickleValue | undefined): PickleTensor | PickleOpaque {
  const [storage, offset, shape, strides] = args;
  if (!isKind(storage, 'storage')) return { kind: 'opaque', of: 'tensor of an unknown storage' };
  const type = isKind(dtype, 'global') ? TYPES[dtype.name] : storage.type;
  if (!type) return { kind: 'opaque', of: 'tensor of an unknown type' };
  const sizes = sizesOf(shape);
  const steps = sizesOf(strides);
  if (!isSize(offset) || !sizes || !steps || sizes.length !== steps.length) {
    throw new PickleError('a tensor in it has a shape that makes no sense');
  }
  return { kind: 'tensor', storage, type, offset, shape: sizes, strides: steps };
}

function sizesOf(value: PickleValue | undefined): readonly number[] | undefined {
  if (!isKind(value, 'tuple') && !isKind(value, 'list')) return undefined;
  // A copy: the pickle may go on to append to a list.
  return value.items.length <= MAX_RANK && value.items.every(isSize) ? [...(value.items as number[])] : undefined;
}

function emptyDict(): PickleDict {
  return { kind: 'dict', items: new Map() };
}

function opaque(value: PickleValue | PickleGlobal): PickleOpaque {
  return { kind: 'opaque', of: isKind(value, 'global') ? value.name : 'object' };
}
