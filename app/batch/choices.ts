/**
 * What a text of a plan stands for: alternatives in braces (`{red|blue} house`, nested too) and ranges (`1..50`,
 * `0..1 step 0.25`) as a whole text or a whole alternative. A backslash takes the meaning of `{`, `|`, `}`, `.` and itself.
 *
 * Nothing is expanded: a list of choices only knows how many there are and how to make the one at a place.
 */
import { StudioError } from '../base/errors.ts';

export interface Choices {
  /** 1 … Number.MAX_SAFE_INTEGER. */
  readonly count: number;
  /** The text at a place, 0 … count − 1; the last alternatives in a text change first. */
  at(index: number): string;
}

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 16;
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`;
const RANGE = new RegExp(String.raw`^\s*(${NUMBER})\s*\.\.\s*(${NUMBER})(?:\s+step\s+(${NUMBER}))?\s*$`);
const ESCAPED = /\\([{}|.\\])/g;
/** Beyond this, steps of a range would not be told apart. */
const MAX_DECIMALS = 12;

/**
 * Reads a text of a plan. Throws `bad-request` for braces that do not match, a range that never ends or has a step of 0,
 * and more than Number.MAX_SAFE_INTEGER choices.
 */
export function parseChoices(text: string): Choices {
  if (text.length > MAX_LENGTH) throw wrong(text, `it is longer than ${MAX_LENGTH} letters`);
  const reader = new Reader(text);
  const choices = reader.sequence(0);
  if (!reader.atEnd) throw wrong(text, `a "}" at letter ${reader.place + 1} has no "{"`);
  return choices;
}

/** A text that stands for exactly this one. */
export function literalText(text: string): string {
  const escaped = text.replace(/[{}|\\]/g, (letter) => `\\${letter}`);
  return RANGE.test(escaped) ? escaped.replace('..', '\\..') : escaped;
}

/** Several lists after each other. */
export function oneAfterAnother(lists: readonly Choices[], where: string): Choices {
  const count = lists.reduce((sum, list) => checkedCount(sum + list.count, where), 0);
  const at = (index: number): string => {
    let rest = index;
    for (const list of lists) {
      if (rest < list.count) return list.at(rest);
      rest -= list.count;
    }
    throw new RangeError(`There is no choice ${index} of ${count}.`);
  };
  return { count, at };
}

/** Throws `bad-request` when there are more than can be counted. */
export function checkedCount(count: number, where: string): number {
  if (count <= Number.MAX_SAFE_INTEGER) return count;
  throw new StudioError('bad-request', `${where} stands for more pictures than can be counted.`, {
    hint: 'Use fewer alternatives or smaller ranges.',
  });
}

/** Recursive descent over the text. */
class Reader {
  readonly #text: string;
  place = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.place >= this.#text.length;
  }

  /** Up to the end, or to the `|` or `}` that ends an alternative. */
  sequence(depth: number): Choices {
    if (depth > MAX_DEPTH) throw wrong(this.#text, `its braces are nested more than ${MAX_DEPTH} deep`);
    const parts: Choices[] = [];
    const start = this.place;
    while (!this.atEnd && !this.#endsAlternative(depth)) {
      parts.push(this.#text[this.place] === '{' ? this.#alternatives(depth) : this.#literal(depth));
    }
    const range = parseRange(this.#text.slice(start, this.place), this.#text);
    return range ?? joined(parts, this.#text);
  }

  #alternatives(depth: number): Choices {
    const open = this.place++;
    const lists = [this.sequence(depth + 1)];
    while (this.#text[this.place] === '|') {
      this.place++;
      lists.push(this.sequence(depth + 1));
    }
    if (this.#text[this.place] !== '}') throw wrong(this.#text, `the "{" at letter ${open + 1} has no "}"`);
    this.place++;
    return oneAfterAnother(lists, quoted(this.#text));
  }

  #literal(depth: number): Choices {
    const start = this.place;
    while (!this.atEnd && this.#text[this.place] !== '{' && !this.#endsAlternative(depth)) {
      this.place += this.#text[this.place] === '\\' ? 2 : 1;
    }
    const text = this.#text.slice(start, this.place).replace(ESCAPED, '$1');
    return { count: 1, at: () => text };
  }

  /** Outside of braces, `|` is a letter like any other. */
  #endsAlternative(depth: number): boolean {
    const letter = this.#text[this.place];
    return letter === '}' || (letter === '|' && depth > 0);
  }
}

/** Every combination of parts that stand after each other; the last part changes first. */
function joined(parts: readonly Choices[], text: string): Choices {
  const only = parts[0];
  if (only && parts.length === 1) return only;
  const count = parts.reduce((product, part) => checkedCount(product * part.count, quoted(text)), 1);
  const at = (index: number): string => {
    let rest = index;
    let made = '';
    for (const part of parts.toReversed()) {
      made = part.at(rest % part.count) + made;
      rest = Math.floor(rest / part.count);
    }
    return made;
  };
  return { count, at };
}

function parseRange(part: string, text: string): Choices | undefined {
  const [, first = '', last = '', stepText = '1'] = RANGE.exec(part) ?? [];
  if (first === '') return undefined;
  const [from, to, size] = [Number(first), Number(last), Math.abs(Number(stepText))];
  if (size === 0) throw wrong(text, 'the step of a range cannot be 0');
  const step = to < from ? -size : size;
  // The small share makes up for what decimals lose: 0..1 step 0.1 has eleven values.
  const count = checkedCount(Math.floor((to - from) / step + 1e-9) + 1, quoted(text));
  const decimals = Math.min(MAX_DECIMALS, Math.max(decimalsOf(first), decimalsOf(stepText)));
  return { count, at: (index) => String(Number((from + index * step).toFixed(decimals))) };
}

function decimalsOf(number: string): number {
  return number.split('.')[1]?.length ?? 0;
}

function wrong(text: string, why: string): StudioError {
  return new StudioError('bad-request', `${quoted(text)} cannot be read: ${why}.`, {
    hint: 'Write alternatives as {one|another}, ranges as 1..50, and \\{ for a brace that is meant as such.',
  });
}

function quoted(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}
