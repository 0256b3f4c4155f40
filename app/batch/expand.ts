/**
 * From a plan to its pictures, one at a time: a plan of a thousand million pictures is counted without being written out.
 */
import { StudioError } from '../base/errors.ts';
import { type Choices, checkedCount, oneAfterAnother, parseChoices } from './choices.ts';
import type { BatchPlan, PlanEntry, PlanValue } from './plan.ts';
import { chooseIndices } from './seeded-choice.ts';

/** How many pictures one batch may have. */
export const MAX_PICTURES = 100_000;
const MAX_CHOOSE_SEED = 2 ** 32 - 1;

/** One picture of a plan: the value of each field as a text, in the order of the entry. */
export type PictureFields = Readonly<Record<string, string>>;

/** The pictures of a plan: entries in their order, and in an entry its last field changes first. */
export interface Expansion {
  readonly count: number;
  /** @param index 0 … count − 1 */
  at(index: number): PictureFields;
}

/** Throws `bad-request` for a text that cannot be read; any number of pictures is fine, see `checkSize`. */
export function expandPlan({ entries }: BatchPlan): Expansion {
  const expansions = entries.map((entry, index) => expandEntry(entry, `Entry ${index + 1}`));
  const count = expansions.reduce((sum, { count }) => checkedCount(sum + count, 'The plan'), 0);
  const starts = runningSums(expansions.map((expansion) => expansion.count));
  return {
    count,
    at(index) {
      const entry = lastAtMost(starts, index);
      return (expansions[entry] as Expansion).at(index - (starts[entry] as number));
    },
  };
}

/** Throws `bad-request` when a plan has more pictures than a batch may have. */
export function checkSize(count: number): void {
  if (count <= MAX_PICTURES) return;
  const [asked, allowed] = [count, MAX_PICTURES].map((number) => number.toLocaleString('en'));
  throw new StudioError('bad-request', `The plan asks for ${asked} pictures; a batch may have ${allowed}.`, {
    hint: 'Use smaller ranges, take some at random with "choose", or split the plan.',
  });
}

function expandEntry(entry: PlanEntry, place: string): Expansion {
  const { choose, choose_seed: chooseSeed, ...fields } = entry;
  const axes = Object.entries(fields).map(([name, value]) => ({ name, choices: choicesOf(value, name) }));
  const total = axes.reduce((product, { choices }) => checkedCount(product * choices.count, place), 1);
  const at = (index: number): PictureFields => {
    let rest = index;
    const texts = axes.toReversed().map(({ name, choices }) => {
      const text = choices.at(rest % choices.count);
      rest = Math.floor(rest / choices.count);
      return [name, text] as const;
    });
    return Object.fromEntries(texts.reverse());
  };
  if (choose === undefined) return { count: total, at };
  const wanted = wholeNumber(choose, 1, MAX_PICTURES, `${place}: choose`);
  const seed = wholeNumber(chooseSeed ?? 0, 0, MAX_CHOOSE_SEED, `${place}: choose_seed`);
  const chosen = chooseIndices(total, wanted, seed);
  return { count: chosen.length, at: (index) => at(chosen[index] as number) };
}

function choicesOf(value: PlanValue | readonly PlanValue[], name: string): Choices {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) {
    throw new StudioError('bad-request', `The list of "${name}" is empty.`, { hint: 'Give a value, or leave it out.' });
  }
  const lists = values.map((item: PlanValue) => parseChoices(String(item)));
  return oneAfterAnother(lists, `"${name}"`);
}

function wholeNumber(value: PlanEntry[string], low: number, high: number, place: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high) return number;
  throw new StudioError('bad-request', `${place} must be a whole number from ${low} to ${high}, not "${value}".`);
}

function runningSums(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum - count;
  });
}

/** Place of the last start that is not beyond `index`; `starts` ascend. */
function lastAtMost(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
