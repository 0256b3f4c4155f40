/**
 * The painting's name, undo, the view, and the way to everything else.
 */

import type { LucideIcon } from 'lucide-react';
import {
  Boxes,
  Command as CommandIcon,
  Dot,
  FilePlus2,
  FolderOpen,
  Keyboard,
  Maximize,
  Moon,
  Redo2,
  RotateCw,
  Save,
  Settings,
  Share,
  Sun,
  Undo2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { useStore } from 'zustand';
import { COMMANDS, type CommandId, commandTitle, runCommand } from '../commands/commands.ts';
import { displayKeys, keyOf } from '../commands/shortcuts.ts';
import { documentStore, edit, endEditGroup } from '../stores/document-store.ts';
import { settingsStore } from '../stores/settings-store.ts';
import { viewStore } from '../stores/view-store.ts';
import { editWords, useWords } from '../text/words.ts';
import { isDark } from '../theme/theme.ts';
import { IconButton } from '../widgets/button.tsx';
import { ModelPicker } from './model-picker.tsx';

export function TopBar() {
  const words = useWords();
  const { past, future, present } = useStore(documentStore, ({ history }) => history);
  const saved = useStore(documentStore, (state) => state.saved);
  const isUpright = useStore(viewStore, ({ view }) => view.rotation === 0);
  useStore(settingsStore);
  return (
    <header className="flex h-12 shrink-0 items-center gap-0.5 border-line border-b bg-panel px-2">
      <h1 className="flex items-center gap-2 pr-1 font-semibold text-[15px] tracking-tight">
        <img src="./icon.svg" alt="" className="size-6" />
        <span className="max-lg:sr-only">{words.app.name}</span>
      </h1>
      <Divider />
      <input
        className="h-7 w-36 rounded-md border border-transparent bg-transparent px-2 font-medium hover:border-edge focus:border-edge focus:bg-field"
        aria-label={words.painting.name}
        value={present.name}
        onChange={({ target }) => edit('edit.name', (document) => ({ ...document, name: target.value }), 'name')}
        onBlur={endEditGroup}
      />
      <span className="w-4 text-accent" title={present === saved ? undefined : words.painting.unsaved}>
        {present !== saved && <Dot aria-label={words.painting.unsaved} className="-ml-1.5 size-6" />}
      </span>
      <CommandButton id="new" icon={FilePlus2} />
      <CommandButton id="open" icon={FolderOpen} />
      <CommandButton id="save" icon={Save} />
      <CommandButton id="export" icon={Share} />
      <Divider />
      <CommandButton id="undo" icon={Undo2} disabled={past.length === 0} what={past.at(-1)?.label} />
      <CommandButton id="redo" icon={Redo2} disabled={future.length === 0} what={future[0]?.label} />
      <Divider />
      <CommandButton id="zoomOut" icon={ZoomOut} />
      <ZoomReading />
      <CommandButton id="zoomIn" icon={ZoomIn} />
      <CommandButton id="fit" icon={Maximize} />
      <CommandButton id="turnUpright" icon={RotateCw} disabled={isUpright} />
      <span className="flex-1" />
      <ModelPicker />
      <CommandButton id="models" icon={Boxes} />
      <CommandButton id="palette" icon={CommandIcon} />
      <CommandButton id="shortcuts" icon={Keyboard} />
      <CommandButton id="theme" icon={isDark() ? Sun : Moon} />
      <CommandButton id="settings" icon={Settings} />
    </header>
  );
}

function ZoomReading() {
  const words = useWords().canvas;
  const percent = useStore(viewStore, ({ view }) => Math.round(view.scale * 100));
  return (
    <output aria-label={words.zoom} className="w-12 text-center text-muted tabular-nums">
      {percent} %
    </output>
  );
}

interface CommandButtonProps {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  readonly disabled?: boolean;
  /** The step of the history that it is about. */
  readonly what?: string | undefined;
}

function CommandButton({ id, icon, disabled = false, what }: CommandButtonProps) {
  const words = useWords();
  const command = COMMANDS.find((candidate) => candidate.id === id);
  const keys = command ? displayKeys(keyOf(command)) : '';
  return (
    <IconButton
      icon={icon}
      label={what ? `${commandTitle(id, words)}: ${editWords(what)}` : commandTitle(id, words)}
      keys={keys}
      disabled={disabled}
      onClick={() => runCommand(id)}
    />
  );
}

function Divider() {
  return <span aria-hidden="true" className="mx-1.5 h-5 w-px bg-edge" />;
}
