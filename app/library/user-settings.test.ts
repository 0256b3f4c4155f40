import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, parseSettingsChange, readSettings } from './user-settings.ts';

const CHOSEN = {
  theme: 'dark',
  language: 'de',
  reducedMotion: 'on',
  shortcuts: { undo: 'Mod+Z' },
  tourDone: true,
  recentProjects: ['/a'],
};

describe('settings', () => {
  it('go through as they are', () => {
    expect(readSettings(CHOSEN)).toEqual(CHOSEN);
  });

  it.each([undefined, null, 3, 'dark', []])('that are %j are the defaults', (value) => {
    expect(readSettings(value)).toEqual(DEFAULT_SETTINGS);
  });

  it.each(Object.keys(CHOSEN))('with a bad %s keep the rest', (name) => {
    const defaults: Record<string, unknown> = { ...DEFAULT_SETTINGS };
    expect(readSettings({ ...CHOSEN, [name]: 7 })).toEqual({ ...CHOSEN, [name]: defaults[name] });
  });

  it('lose what is not known and keep ten projects', () => {
    const recentProjects = Array.from({ length: 11 }, (_, at) => `${at}`);
    const read = readSettings({ ...CHOSEN, recentProjects, other: 1 });
    expect(read).toEqual({ ...CHOSEN, recentProjects: recentProjects.slice(0, 10) });
  });
});

describe('a change', () => {
  it('holds only what it names', () => {
    expect(parseSettingsChange({ theme: 'light', other: 1 }, 'change')).toEqual({ theme: 'light' });
    expect(parseSettingsChange({}, 'change')).toEqual({});
  });

  it('with a bad value is refused', () => {
    expect(() => parseSettingsChange({ theme: 'light', language: 'fr' }, 'change')).toThrow('language');
  });
});
