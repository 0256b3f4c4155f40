/**
 * All keys, and how they are changed.
 */
import { RotateCcw, Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { COMMAND_GROUPS, type Command, commandTitle } from '../commands/commands.ts';
import { assignKeys, displayKeys, isChanged, keyOf, keysOf, resetKey, resetKeys } from '../commands/shortcuts.ts';
import { notify } from '../stores/notice-store.ts';
import { settingsStore } from '../stores/settings-store.ts';
import { openDialog, uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';

export function ShortcutSheet() {
  const words = useWords();
  const open = useStore(uiStore, ({ dialog }) => dialog === 'shortcuts');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const isWanted = (command: Command) =>
    `${commandTitle(command.id, words)} ${displayKeys(keyOf(command))}`.toLowerCase().includes(wanted);
  const groups = COMMAND_GROUPS.map(({ id, commands }) => ({ id, commands: commands.filter(isWanted) }));
  return (
    <Dialog wide title={words.shortcuts.title} open={open} onClose={() => openDialog(null)}>
      <div className="flex items-center gap-2 pb-3">
        <label className="flex h-8 flex-1 items-center gap-2 rounded-md border border-edge bg-field px-2 focus-within:outline-2 focus-within:outline-accent">
          <Search size={14} aria-hidden="true" className="text-muted" />
          <span className="sr-only">{words.shortcuts.search}</span>
          <input
            type="search"
            className="min-w-0 flex-1 bg-transparent outline-none"
            placeholder={words.shortcuts.search}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <TextButton onClick={resetKeys}>{words.shortcuts.reset}</TextButton>
      </div>
      <div className="-mr-3 h-[56vh] overflow-y-auto pr-3">
        {groups.map(
          ({ id, commands }) =>
            commands.length > 0 && (
              <section key={id} className="pb-4">
                <h3 className="pb-1 font-semibold text-2xs text-muted uppercase tracking-wide">
                  {words.commandGroups[id]}
                </h3>
                <table className="w-full">
                  <tbody>
                    {commands.map((command) => (
                      <ShortcutRow key={command.id} command={command} />
                    ))}
                  </tbody>
                </table>
              </section>
            ),
        )}
        {groups.every(({ commands }) => commands.length === 0) && (
          <p className="p-3 text-muted">{words.palette.nothing}</p>
        )}
      </div>
    </Dialog>
  );
}

function ShortcutRow({ command }: { readonly command: Command }) {
  const words = useWords();
  useStore(settingsStore, ({ shortcuts }) => shortcuts);
  const [listening, setListening] = useState(false);
  const title = commandTitle(command.id, words);
  const press = (event: KeyboardEvent) => {
    if (!listening) return;
    event.preventDefault();
    event.stopPropagation();
    const keys = keysOf(event.nativeEvent);
    if (keys === '') return;
    setListening(false);
    const other = assignKeys(command.id, keys);
    if (other) notify('info', words.shortcuts.taken(commandTitle(other.id, words)));
  };
  return (
    <tr className="border-line border-b">
      <th scope="row" className="py-1 text-left font-normal">
        {title}
      </th>
      <td className="whitespace-nowrap py-1 text-right">
        {isChanged(command) && (
          <IconButton
            small
            icon={RotateCcw}
            label={`${words.app.reset}: ${title}`}
            onClick={() => resetKey(command.id)}
          />
        )}
        <button
          type="button"
          aria-label={`${words.shortcuts.change}: ${title}`}
          className={`h-7 min-w-20 rounded-md border px-2 ${listening ? 'border-accent text-accent' : 'border-edge bg-field hover:border-muted'}`}
          onClick={() => setListening(true)}
          onBlur={() => setListening(false)}
          onKeyDown={press}
        >
          {listening ? words.shortcuts.press : displayKeys(keyOf(command)) || words.shortcuts.none}
        </button>
      </td>
    </tr>
  );
}
