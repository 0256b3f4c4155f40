/**
 * All keys, and how they are changed.
 */
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { COMMANDS, type Command, commandTitle } from '../commands/commands.ts';
import { assignKeys, displayKeys, keyOf, keysOf, resetKeys } from '../commands/shortcuts.ts';
import { notify } from '../stores/notice-store.ts';
import { settingsStore } from '../stores/settings-store.ts';
import { openDialog, uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';

export function ShortcutSheet() {
  const words = useWords();
  const open = useStore(uiStore, ({ dialog }) => dialog === 'shortcuts');
  return (
    <Dialog wide title={words.shortcuts.title} open={open} onClose={() => openDialog(null)}>
      <table className="w-full">
        <tbody>
          {COMMANDS.map((command) => (
            <ShortcutRow key={command.id} command={command} />
          ))}
        </tbody>
      </table>
      <TextButton className="mt-3" onClick={resetKeys}>
        {words.shortcuts.reset}
      </TextButton>
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
      <td className="text-right">
        <button
          type="button"
          aria-label={`${words.shortcuts.change}: ${title}`}
          className="h-7 min-w-20 rounded-md border border-edge bg-field px-2 hover:border-muted"
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
