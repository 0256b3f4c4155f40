/**
 * The menu and the page agree. A page gets keys before the menu does, so a key that both know must mean the same.
 */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { menuTables, NEW_WINDOW } from '../../main/electron/menu-table.ts';
import type { Command } from '../../renderer/commands/commands.ts';

describe.each(['linux', 'win32', 'darwin'])('the menu on %s', (platform) => {
  let commands: readonly Command[];
  let menu: Readonly<Record<string, string>>;
  const entries = menuTables(platform)
    .flatMap((table) => table.entries)
    .filter((entry) => entry !== 'separator');

  beforeAll(async () => {
    // The page's modules look at these when they are loaded.
    vi.stubGlobal('window', { addEventListener() {}, matchMedia: () => ({ addEventListener() {} }) });
    vi.stubGlobal('navigator', { platform: 'Linux', language: 'en' });
    commands = (await import('../../renderer/commands/commands.ts')).COMMANDS;
    menu = (await import('../../renderer/commands/menu.ts')).MENU_COMMANDS;
    vi.unstubAllGlobals();
  });

  it('has a command of the page for each entry, and the other way round', () => {
    const ids = entries.flatMap((entry) => ('id' in entry && entry.id !== NEW_WINDOW ? [entry.id] : []));
    expect(Object.keys(menu).sort()).toEqual(ids.sort());
    const known = new Set<string>(commands.map(({ id }) => id));
    expect(Object.values(menu).filter((id) => !known.has(id))).toEqual([]);
  });

  it('never has a key that means something else in the page', () => {
    for (const entry of entries) {
      const key = entry.accelerator?.replace(/^(CmdOrCtrl|Cmd)/, 'Mod');
      const command = commands.find((candidate) => key && candidate.key === key);
      if (command) expect([key, 'id' in entry && menu[entry.id]]).toEqual([key, command.id]);
    }
  });
});
