/**
 * A plan as it is edited: entries of named texts. A list becomes alternatives in braces.
 */
import type { BatchPlan, PlanEntry, PlanValue } from './plan.ts';

export interface PlanRow {
  readonly name: string;
  readonly text: string;
}

/** The rows of each entry. */
export type PlanRows = readonly (readonly PlanRow[])[];

export function rowsOfPlan({ entries }: BatchPlan): PlanRows {
  return entries.map((entry) => Object.entries(entry).map(([name, value]) => ({ name, text: textOf(value) })));
}

/** Rows without a text are left out, and so are entries without rows. */
export function planOfRows(rows: PlanRows): BatchPlan {
  const entries = rows.map((entry): PlanEntry => {
    const written = entry.filter(({ text }) => text.trim() !== '');
    return Object.fromEntries(written.map(({ name, text }) => [name, text.trim()]));
  });
  return { entries: entries.filter((entry) => Object.keys(entry).length > 0) };
}

/** The text with one more alternative. */
export function withAlternative(text: string, alternative: string): string {
  const plain = text.trim();
  if (plain === '') return alternative;
  const inside = /^\{([^{}]*)\}$/.exec(plain)?.[1] ?? plain;
  return `{${inside}|${alternative}}`;
}

function textOf(value: PlanValue | readonly PlanValue[]): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 1 ? String(value[0]) : `{${value.map(String).join('|')}}`;
}
