/**
 * What the person has decided about models: where they lie, and what they may take.
 */
import { integer, list, nullable, optional, type Parser, record, text } from '../contracts/parse.ts';

export interface ModelSettings {
  /** Folder of installed models; null for the one in the data folder. */
  readonly folder: string | null;
  /** Folders of other programs with models in them; nothing is written there. */
  readonly shared: readonly string[];
  /** Bytes of loaded models together; null for a share of the machine's memory. */
  readonly memoryBudget: number | null;
  /** Address of the Hugging Face hub or of a mirror; null for the hub itself. */
  readonly hub: string | null;
}

export const DEFAULT_MODEL_SETTINGS: ModelSettings = { folder: null, shared: [], memoryBudget: null, hub: null };

const MIN_BUDGET = 2 ** 20;
const MAX_BUDGET = 2 ** 50;

const parsers: { readonly [K in keyof ModelSettings]: Parser<ModelSettings[K]> } = {
  folder: nullable(text),
  shared: list(text),
  memoryBudget: nullable(integer(MIN_BUDGET, MAX_BUDGET)),
  hub: nullable(text),
};

/** Settings from a file: what is missing or makes no sense takes its default, one by one. */
export function readModelSettings(value: unknown): ModelSettings {
  const given = isObject(value) ? value : {};
  const known = Object.entries(parsers).flatMap(([name, parse]) => {
    try {
      return given[name] === undefined ? [] : [[name, parse(given[name], name)]];
    } catch {
      return [];
    }
  });
  return { ...DEFAULT_MODEL_SETTINGS, ...Object.fromEntries(known) };
}

/** A change of settings. Throws `bad-request` that names the field which is wrong. */
export const parseModelSettingsChange: Parser<Partial<ModelSettings>> = (value, place) => {
  const given = record((item) => item)(value, place);
  const known = Object.entries(parsers).flatMap(([name, parse]) => {
    const parsed = optional<unknown>(parse)(given[name], `${place}.${name}`);
    return parsed === undefined ? [] : [[name, parsed]];
  });
  return Object.fromEntries(known);
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
