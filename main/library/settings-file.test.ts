import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../app/library/user-settings.ts';
import { SettingsFile } from './settings-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-settings-'));
  path = join(folder, 'settings.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('reading', () => {
  it('begins with the defaults and writes nothing', async () => {
    expect(await new SettingsFile(path).read()).toEqual(DEFAULT_SETTINGS);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces bad values one by one and drops what it does not know', async () => {
    writeFileSync(path, JSON.stringify({ theme: 'pink', language: 'de', tourDone: 'yes', extra: 1 }));
    expect(await new SettingsFile(path).read()).toEqual({ ...DEFAULT_SETTINGS, language: 'de' });
  });

  it.each(['{"theme":"dark"', '[]', 'null', '"dark"', ''])('keeps a damaged file aside: %j', async (content) => {
    writeFileSync(path, content);
    expect(await new SettingsFile(path).read()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(join(folder, 'settings.broken.json'), 'utf8')).toBe(content);
    expect(readdirSync(folder)).toEqual(['settings.broken.json']);
  });

  it('never throws, but an update says why it cannot be done', async () => {
    mkdirSync(path);
    const file = new SettingsFile(path);
    expect(await file.read()).toEqual(DEFAULT_SETTINGS);
    await expect(file.update({ theme: 'dark' })).rejects.toMatchObject({ code: 'corrupt-input' });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });
});

describe('updating', () => {
  it('keeps the other settings, for the next start too', async () => {
    const file = new SettingsFile(path);
    await file.update({ theme: 'dark' });
    expect(await file.update({ tourDone: true })).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', tourDone: true });
    expect(await new SettingsFile(path).read()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', tourDone: true });
  });

  it('does one change after the other', async () => {
    const file = new SettingsFile(path);
    const all = [file.update({ theme: 'light' }), file.update({ language: 'de' }), file.update({ tourDone: true })];
    const read = file.read();
    await Promise.all(all);
    expect(await read).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', language: 'de', tourDone: true });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('refuses a bad value, changes nothing, and goes on', async () => {
    const file = new SettingsFile(path);
    await file.update({ language: 'de' });
    const bad = { theme: 'pink', language: 'en' } as unknown as { theme: 'dark' };
    await expect(file.update(bad)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await file.read()).toEqual({ ...DEFAULT_SETTINGS, language: 'de' });
    await file.update({ reducedMotion: 'on' });
    expect((await file.read()).reducedMotion).toBe('on');
  });

  it('keeps ten recent projects', async () => {
    const recentProjects = Array.from({ length: 12 }, (_, at) => `/p${at}`);
    const settings = await new SettingsFile(path).update({ recentProjects });
    expect(settings.recentProjects).toEqual(recentProjects.slice(0, 10));
  });
});
