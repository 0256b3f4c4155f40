/**
 * What can be done with a picture of the library.
 */
import { Ellipsis, ImageDown, type LucideIcon, Settings2, Sprout, Trash2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { PictureEntry } from '../../app/library/picture-entry.ts';
import { openPicture, recallPicture } from '../actions/gallery.ts';
import { reportError } from '../stores/notice-store.ts';
import { useWords } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { TextField } from '../widgets/field.tsx';

interface PictureMenuProps {
  readonly entry: PictureEntry;
  readonly boards: readonly string[];
  readonly alt: string;
  readonly onChanged: () => void;
}

export function PictureMenu({ entry, boards, alt, onChanged }: PictureMenuProps) {
  const words = useWords().gallery;
  const [board, setBoard] = useState(entry.board ?? '');
  const [isSure, setSure] = useState(false);
  const [open, setOpen] = useState(false);
  const setOpenAnew = (next: boolean) => {
    setSure(false);
    setBoard(entry.board ?? '');
    setOpen(next);
  };
  const act = (work: () => unknown) => () => {
    setOpenAnew(false);
    work();
  };
  const keepBoard = () => {
    const name = board.trim() || null;
    if (name !== entry.board) host('changePicture', [entry.id, { board: name }]).then(onChanged, reportError);
  };
  const remove = () => host('removePicture', [entry.id]).then(onChanged, reportError);
  return (
    <Popover.Root open={open} onOpenChange={setOpenAnew}>
      <Popover.Trigger
        aria-label={`${words.menu}: ${alt}`}
        title={words.menu}
        className="inline-flex size-6 items-center justify-center rounded-md hover:bg-raised"
      >
        <Ellipsis size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label={alt}
          className="z-30 w-56 rounded-xl border border-edge bg-panel p-1.5 shadow-xl"
        >
          <MenuButton icon={ImageDown} label={words.place} onClick={act(() => void openPicture(entry.id))} />
          <MenuButton icon={Settings2} label={words.recall} onClick={act(() => recallPicture(entry, 'all'))} />
          <MenuButton icon={Sprout} label={words.recallSeed} onClick={act(() => recallPicture(entry, 'seed'))} />
          <div className="px-2 py-1.5">
            <TextField
              label={words.board}
              placeholder={words.newBoard}
              value={board}
              suggestions={boards}
              onChange={setBoard}
              onDone={keepBoard}
            />
          </div>
          <MenuButton
            danger
            icon={Trash2}
            label={isSure ? words.removeForGood : words.remove}
            onClick={isSure ? act(remove) : () => setSure(true)}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface MenuButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly danger?: boolean;
  readonly onClick: () => void;
}

function MenuButton({ icon: Icon, label, danger = false, onClick }: MenuButtonProps) {
  return (
    <button
      type="button"
      className={`flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-raised ${danger ? 'text-danger' : ''}`}
      onClick={onClick}
    >
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
      {label}
    </button>
  );
}
