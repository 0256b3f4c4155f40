/**
 * Every command by its name.
 */
import { Command } from 'cmdk';
import { useStore } from 'zustand';
import { COMMANDS, commandTitle } from '../commands/commands.ts';
import { displayKeys, keyOf } from '../commands/shortcuts.ts';
import { openDialog, uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { Dialog } from '../widgets/dialog.tsx';

export function CommandPalette() {
  const words = useWords();
  const open = useStore(uiStore, ({ dialog }) => dialog === 'palette');
  return (
    <Dialog title={words.palette.title} open={open} onClose={() => openDialog(null)}>
      <Command label={words.palette.title}>
        <Command.Input
          autoFocus
          placeholder={words.palette.search}
          className="mb-2 h-9 w-full rounded-md border border-edge bg-field px-3"
        />
        <Command.List className="max-h-[50vh] overflow-y-auto">
          <Command.Empty className="p-3 text-muted">{words.palette.nothing}</Command.Empty>
          {COMMANDS.filter(({ id }) => id !== 'palette').map((command) => (
            <Command.Item
              key={command.id}
              value={`${commandTitle(command.id, words)} ${command.id}`}
              className="flex cursor-default items-center justify-between rounded-md px-2 py-1.5 data-[selected=true]:bg-tint"
              onSelect={() => {
                openDialog(null);
                void command.run();
              }}
            >
              {commandTitle(command.id, words)}
              <kbd className="font-sans text-2xs text-muted">{displayKeys(keyOf(command))}</kbd>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
