/**
 * The library of pictures that were made.
 */
import { ImageDown, Search, Settings2, Sprout, Star, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PictureEntry, PictureQuery } from '../../app/library/picture-entry.ts';
import { openPicture, recallPicture } from '../actions/gallery.ts';
import { reportError } from '../stores/notice-store.ts';
import { queueStore } from '../stores/queue-store.ts';
import { useWords } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { Checkbox, EmptyState, Select } from '../widgets/field.tsx';
import { PICTURE_TYPE } from './canvas-view.tsx';

const PAGE = 60;

export function GalleryPanel() {
  const words = useWords().gallery;
  const [search, setSearch] = useState('');
  const [starred, setStarred] = useState(false);
  const [board, setBoard] = useState('');
  const [boards, setBoards] = useState<readonly string[]>([]);
  const { entries, complete, more, reload } = usePictures(search, starred, board);
  // biome-ignore lint/correctness/useExhaustiveDependencies: boards may have changed with the list
  useEffect(() => {
    host('boards', []).then(setBoards, reportError);
  }, [entries]);
  const isFiltered = search !== '' || starred || board !== '';
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-2 border-line border-b p-2">
        <label className="flex items-center gap-2 rounded-md border border-line bg-raised px-2">
          <Search size={14} aria-hidden="true" className="text-muted" />
          <span className="sr-only">{words.search}</span>
          <input
            type="search"
            className="h-7 min-w-0 flex-1 bg-transparent outline-none"
            placeholder={words.search}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <div className="flex items-center justify-between gap-2">
          <Checkbox label={words.starred} checked={starred} onChange={setStarred} />
          <Select
            hideLabel
            label={words.board}
            value={board}
            options={[['', words.allBoards], ...boards.map((name) => [name, name] as const)]}
            onChange={setBoard}
          />
        </div>
      </div>
      <ul aria-label={words.title} className="grid min-h-0 flex-1 auto-rows-min grid-cols-2 gap-2 overflow-y-auto p-2">
        {entries.map((entry) => (
          <PictureCard key={entry.id} entry={entry} onChanged={reload} />
        ))}
      </ul>
      {entries.length === 0 && <EmptyState>{isFiltered ? words.nothingFound : words.empty}</EmptyState>}
      {!complete && <TextButton onClick={more}>{words.more}</TextButton>}
    </div>
  );
}

function usePictures(search: string, starred: boolean, board: string) {
  const finished = useStore(queueStore, (state) => state.finished);
  const [entries, setEntries] = useState<readonly PictureEntry[]>([]);
  const [complete, setComplete] = useState(true);
  const load = useCallback(
    async (before?: PictureEntry) => {
      const query: PictureQuery = {
        limit: PAGE,
        search: search || undefined,
        starred: starred || undefined,
        board: board || undefined,
        before,
      };
      const page = await host('listPictures', [query]);
      setEntries((earlier) => (before ? [...earlier, ...page] : page));
      setComplete(page.length < PAGE);
    },
    [search, starred, board],
  );
  const reload = useCallback(() => void load().catch(reportError), [load]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a finished picture is a reason to look again
  useEffect(reload, [reload, finished]);
  return { entries, complete, reload, more: () => void load(entries.at(-1)).catch(reportError) };
}

interface PictureCardProps {
  readonly entry: PictureEntry;
  readonly onChanged: () => void;
}

function PictureCard({ entry, onChanged }: PictureCardProps) {
  const words = useWords().gallery;
  const { id, labelName, seed, starred, board } = entry;
  const alt = words.alt(labelName ?? '', seed);
  const change = (changes: { starred?: boolean; board?: string | null }) =>
    host('changePicture', [id, changes]).then(onChanged, reportError);
  return (
    <li className="group rounded-lg border border-line bg-raised p-1">
      <button
        type="button"
        className="block w-full"
        title={words.place}
        aria-label={`${words.place}: ${alt}`}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(PICTURE_TYPE, id)}
        onClick={() => void openPicture(id)}
      >
        <Thumbnail id={id} alt={alt} />
      </button>
      <p className="truncate px-0.5 pt-1 text-2xs text-muted">{alt}</p>
      <div className="flex items-center">
        <IconButton
          small
          icon={Star}
          label={`${starred ? words.unstar : words.star}: ${alt}`}
          pressed={starred}
          onClick={() => change({ starred: !starred })}
        />
        <IconButton
          small
          icon={Settings2}
          label={`${words.recall}: ${alt}`}
          onClick={() => recallPicture(entry, 'all')}
        />
        <IconButton
          small
          icon={Sprout}
          label={`${words.recallSeed}: ${alt}`}
          onClick={() => recallPicture(entry, 'seed')}
        />
        <IconButton small icon={ImageDown} label={`${words.place}: ${alt}`} onClick={() => void openPicture(id)} />
        <IconButton
          small
          icon={Trash2}
          label={`${words.remove}: ${alt}`}
          onClick={() => host('removePicture', [id]).then(onChanged, reportError)}
        />
      </div>
      <input
        className="h-6 w-full rounded border border-line bg-panel px-1 text-2xs"
        aria-label={`${words.board}: ${alt}`}
        placeholder={words.newBoard}
        defaultValue={board ?? ''}
        onBlur={({ target }) => target.value !== (board ?? '') && change({ board: target.value.trim() || null })}
      />
    </li>
  );
}

function Thumbnail({ id, alt }: { readonly id: string; readonly alt: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    let gone = false;
    host('thumbnail', [id]).then((bytes) => {
      if (gone) return;
      made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' }));
      setUrl(made);
    }, reportError);
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  return <img src={url} alt={alt} draggable={false} className="aspect-square w-full rounded bg-panel object-cover" />;
}
