/**
 * The person's own settings.
 */
import { flag, list, oneOf, type Parser, record, text } from '../contracts/parse.ts';
import { DEFAULT_TOOLS, parseToolSettings, type ToolSettings } from './tool-settings.ts';

export interface UserSettings {
  readonly theme: 'dark' | 'light' | 'system';
  readonly language: 'en' | 'de';
  readonly reducedMotion: 'system' | 'on' | 'off';
  /** Keys by command id; the empty text takes a command's key away. */
  readonly shortcuts: Readonly<Record<string, string>>;
  readonly tourDone: boolean;
  /** Paths, the last one first; 10 at most, further ones are dropped. */
  readonly recentProjects: readonly string[];
  readonly tools: ToolSettings;
}

export const DEFAULT_SETTINGS: UserSettings = {
  theme: 'system',
  language: 'en',
  reducedMotion: 'system',
  shortcuts: {},
  tourDone: false,
  recentProjects: [],
  tools: DEFAULT_TOOLS,
};

const MAX_RECENT = 10;

const parsers: { readonly [K in keyof UserSettings]: Parser<UserSettings[K]> } = {
  theme: oneOf('dark', 'light', 'system'),
  language: oneOf('en', 'de'),
  reducedMotion: oneOf('system', 'on', 'off'),
  shortcuts: record(text),
  tourDone: flag,
  recentProjects: (value, place) => list(text)(value, place).slice(0, MAX_RECENT),
  tools: parseToolSettings,
};

/** Settings from a file: what is missing or makes no sense takes its default, one by one. */
export function readSettings(value: unknown): UserSettings {
  return { ...DEFAULT_SETTINGS, ...parseKnown(value, () => {}) };
}

/** A change of settings. Throws `bad-request` that names the field which is wrong. */
export const parseSettingsChange: Parser<Partial<UserSettings>> = (value) =>
  parseKnown(value, (error) => {
    throw error;
  });

function parseKnown(value: unknown, onBad: (error: unknown) => void): Partial<UserSettings> {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const known: [string, unknown][] = [];
  for (const [name, parse] of Object.entries(parsers)) {
    if (given[name] === undefined) continue;
    try {
      known.push([name, parse(given[name], name)]);
    } catch (error) {
      onBad(error);
    }
  }
  return Object.fromEntries(known);
}
