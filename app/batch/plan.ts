/**
 * A batch plan: which pictures to make, written short.
 */
import { StudioError } from '../base/errors.ts';
import { either, fields, finite, flag, list, type Parser, text } from '../contracts/parse.ts';

export type PlanValue = string | number | boolean;

/**
 * Some pictures: `model`, `label`, `seed` and settings of the model, each with one value, a list of values, or a text with
 * alternatives and ranges (see `choices.ts`). Every combination is meant. `choose` takes so many of them at random, the
 * same ones each time; `choose_seed` takes others.
 */
export type PlanEntry = Readonly<Record<string, PlanValue | readonly PlanValue[]>>;

export interface BatchPlan {
  readonly entries: readonly PlanEntry[];
}

const MAX_ENTRIES = 100_000;

const planValue: Parser<PlanValue> = either(
  either(text, finite, 'a text or a number'),
  flag,
  'a text, a number, true or false',
);

const planField: Parser<PlanValue | readonly PlanValue[]> = either(
  planValue,
  list(planValue),
  'a text, a number, true, false, or a list of these',
);

const parseEntry: Parser<PlanEntry> = (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StudioError('bad-request', `${place} must be a record such as { label: harbour, seed: 1..50 }.`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, planField(field, `${place}.${name}`)]));
};

/** Throws `bad-request` that names the place which is wrong. */
export const parsePlan: Parser<BatchPlan> = fields<BatchPlan>({
  entries: (value, place) => checkedEntries(list(parseEntry)(value, place)),
});

/**
 * The plan that a file's data means: a list of entries; one entry; or `defaults` that hold for all entries of `pictures`.
 *
 * @throws StudioError bad-request that names the place which is wrong
 */
export function planFromData(data: unknown): BatchPlan {
  if (Array.isArray(data)) return { entries: checkedEntries(data.map(entryAt('entry'))) };
  const root = parseWhole(data);
  if (!('pictures' in root)) return { entries: [parseEntry(root, 'plan')] };
  const unknown = Object.keys(root).find((name) => name !== 'pictures' && name !== 'defaults');
  if (unknown !== undefined) {
    throw new StudioError('bad-request', `A plan has "defaults" and "pictures", not "${unknown}".`, {
      hint: 'Put settings under "defaults", or into the entries of "pictures".',
    });
  }
  const defaults = parseEntry(root.defaults ?? {}, 'defaults');
  const pictures = Array.isArray(root.pictures) ? root.pictures : [root.pictures];
  const entries = checkedEntries(pictures.map(entryAt('pictures')));
  return { entries: entries.map((entry) => ({ ...defaults, ...entry })) };
}

function parseWhole(data: unknown): Record<string, unknown> {
  if (typeof data === 'object' && data !== null) return data as Record<string, unknown>;
  throw new StudioError('bad-request', 'The plan holds no entries.', {
    hint: 'Write entries such as: - { label: "{alpine lake|desert}", seed: 1..50 }',
  });
}

function entryAt(name: string): (value: unknown, index: number) => PlanEntry {
  return (value, index) => parseEntry(value, `${name} ${index + 1}`);
}

function checkedEntries(entries: PlanEntry[]): PlanEntry[] {
  if (entries.length > 0 && entries.length <= MAX_ENTRIES) return entries;
  throw new StudioError(
    'bad-request',
    entries.length === 0 ? 'The plan is empty.' : `The plan has ${entries.length} entries; ${MAX_ENTRIES} are allowed.`,
    { hint: 'Give at least one entry, such as { "label": "harbour", "seed": "1..50" }.' },
  );
}
