/**
 * What a pickle may contain here: plain data, and descriptions of tensors. Nothing in it can run.
 */
import type { StorageType } from './tensor-entry.ts';

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** Of a dictionary's items, those with a string as key. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly items: Map<string, PickleValue>;
}

/** A class or function, by name alone. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** Something of a class that is not known, and therefore not looked into. */
export interface PickleOpaque {
  readonly kind: 'opaque';
  readonly of: string;
}

/** A storage: a file `data/<key>` of the archive. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly key: string;
  /** Undefined for an untyped storage, whose tensors name their type. */
  readonly type: StorageType | undefined;
  /** Elements, or bytes when untyped. */
  readonly count: number;
}

export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly type: StorageType;
  /** In elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleOpaque
  | PickleStorage
  | PickleTensor;

export function isKind<K extends 'list' | 'tuple' | 'dict' | 'global' | 'opaque' | 'storage' | 'tensor'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}
