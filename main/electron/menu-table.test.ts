import { describe, expect, it } from 'vitest';
import { menuTables } from './menu-table.ts';

describe.each(['linux', 'win32', 'darwin'])('the menu on %s', (platform) => {
  const commands = menuTables(platform)
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry !== 'separator')
    .filter((entry) => 'id' in entry);

  it('has each command and each accelerator once', () => {
    const ids = commands.map(({ id }) => id);
    const accelerators = commands.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(accelerators).size).toBe(accelerators.length);
    expect(ids).toEqual(expect.arrayContaining(['file.open', 'file.save', 'edit.undo', 'app.settings']));
  });

  it('can quit', () => {
    expect(menuTables(platform).flatMap(({ entries }) => entries)).toContainEqual({ role: 'quit' });
  });
});
