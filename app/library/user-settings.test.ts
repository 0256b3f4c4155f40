import { describe, expect, it } from 'vitest';
import { DEFAULT_TOOLS } from './tool-settings.ts';
import { DEFAULT_SETTINGS, parseSettingsChange, readSettings } from './user-settings.ts';

const CHOSEN = {
  theme: 'dark',
  language: 'de',
  reducedMotion: 'on',
  shortcuts: { undo: 'Mod+Z' },
  tourDone: true,
  recentProjects: ['/a'],
  tools: { ...DEFAULT_TOOLS, color: '#bc4b51', brush: { ...DEFAULT_TOOLS.brush, size: 90 } },
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

describe('tools', () => {
  it.each([
    { tolerance: 256 },
    { color: 'red' },
    { palette: ['#12'] },
    { brush: { ...DEFAULT_TOOLS.brush, size: 0 } },
    { brush: { ...DEFAULT_TOOLS.brush, flow: Number.NaN } },
  ])('with %j are set as they come', (bad) => {
    expect(readSettings({ tools: { ...DEFAULT_TOOLS, ...bad } }).tools).toEqual(DEFAULT_TOOLS);
  });

  it('keep sixteen colours', () => {
    const palette = Array.from({ length: 20 }, (_, at) => `#0000${at + 10}`);
    expect(readSettings({ tools: { ...DEFAULT_TOOLS, palette } }).tools.palette).toEqual(palette.slice(0, 16));
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
