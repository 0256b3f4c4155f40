/**
 * Turns data from outside into typed data, or says what is wrong with it. A parser gets the value and the place where
 * it stands (`args[2].seed`), and throws `bad-request` with a sentence that names the place.
 */
import { StudioError } from '../base/errors.ts';

export type Parser<T> = (value: unknown, place: string) => T;

function reject(place: string, expected: string): never {
  throw new StudioError('bad-request', `${place} must be ${expected}.`);
}

export const text: Parser<string> = (value, place) => (typeof value === 'string' ? value : reject(place, 'a text'));

export const flag: Parser<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : reject(place, 'true or false');

/** A number that is neither NaN nor infinite. */
export const finite: Parser<number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? value : reject(place, 'a number');

/** A whole number in [low, high]. */
export function integer(low: number, high: number): Parser<number> {
  return (value, place) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high
      ? value
      : reject(place, `a whole number between ${low} and ${high}`);
}

export function oneOf<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (value, place) => choices.find((choice) => choice === value) ?? reject(place, `one of ${choices.join(', ')}`);
}

/** A value that may be left out. */
export function optional<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value, place) => (value === undefined ? undefined : parser(value, place));
}

export function nullable<T>(parser: Parser<T>): Parser<T | null> {
  return (value, place) => (value === null ? null : parser(value, place));
}

export function either<A, B>(first: Parser<A>, second: Parser<B>, expected: string): Parser<A | B> {
  return (value, place) => {
    for (const parser of [first, second]) {
      try {
        return parser(value, place);
      } catch {
        // The next one may take it; the sentence below covers both.
      }
    }
    return reject(place, expected);
  };
}

export function list<T>(parser: Parser<T>): Parser<T[]> {
  return (value, place) =>
    Array.isArray(value)
      ? Array.from(value, (item: unknown, index) => parser(item, `${place}[${index}]`))
      : reject(place, 'a list');
}

/** A list of fixed length with a parser for each place. */
export function tuple<T extends readonly unknown[]>(...parsers: { readonly [K in keyof T]: Parser<T[K]> }): Parser<T> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > parsers.length) reject(place, `a list of ${parsers.length}`);
    const items: readonly unknown[] = value;
    return parsers.map((parser, index) => parser(items[index], `${place}[${index}]`)) as unknown as T;
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Plain data under any names. */
export function record<T>(parser: Parser<T>): Parser<Record<string, T>> {
  return (value, place) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, parser(item, `${place}.${key}`)]))
      : reject(place, 'a record');
}

/** Plain data with the given fields; others are dropped. */
export function fields<T extends object>(parsers: { readonly [K in keyof T]-?: Parser<T[K]> }): Parser<T> {
  return (value, place) => {
    if (!isRecord(value)) return reject(place, 'a record');
    const names = Object.keys(parsers) as (keyof T & string)[];
    const entries = names.map((name) => [name, parsers[name](ownValue(value, name), `${place}.${name}`)]);
    return Object.fromEntries(entries) as T;
  };
}

/** One of several records, told apart by a text field. */
export function variants<T extends object>(tag: string, choices: Readonly<Record<string, Parser<T>>>): Parser<T> {
  return (value, place) => {
    const name = isRecord(value) ? ownValue(value, tag) : undefined;
    const parser = typeof name === 'string' && Object.hasOwn(choices, name) ? choices[name] : undefined;
    return parser ? parser(value, place) : reject(`${place}.${tag}`, `one of ${Object.keys(choices).join(', ')}`);
  };
}

export const bytes: Parser<Uint8Array> = (value, place) =>
  value instanceof Uint8Array ? value : reject(place, 'a Uint8Array');

export const int32s: Parser<Int32Array> = (value, place) =>
  value instanceof Int32Array ? value : reject(place, 'an Int32Array');

export const float32s: Parser<Float32Array> = (value, place) =>
  value instanceof Float32Array ? value : reject(place, 'a Float32Array');

export const anything: Parser<unknown> = (value) => value;

/** For what must not be there. */
export const nothing: Parser<never> = (_, place) => reject(place, 'left out');

function ownValue(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
