/**
 * The library of pictures that were made.
 */
import { Images, Search, Star } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PictureEntry, PictureQuery } from '../../app/library/picture-entry.ts';
import { openPicture } from '../actions/gallery.ts';
import { reportError } from '../stores/notice-store.ts';
import { queueStore } from '../stores/queue-store.ts';
import { useWords } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { IconButton, TextButton, Toggle } from '../widgets/button.tsx';
import { EmptyState, Select } from '../widgets/field.tsx';
import { PICTURE_TYPE } from './canvas-view.tsx';
import { PictureMenu } from './picture-menu.tsx';

const PAGE = 60;
/** Moment without typing before a search starts, in milliseconds. */
const TYPING_MS = 150;

export function GalleryPanel() {
  const words = useWords().gallery;
  const [search, setSearch] = useState('');
  const [starred, setStarred] = useState(false);
  const [board, setBoard] = useState('');
  const [boards, setBoards] = useState<readonly string[]>([]);
  const { entries, complete, more, reload } = usePictures(useLater(search), starred, board);
  // biome-ignore lint/correctness/useExhaustiveDependencies: boards may have changed with the list
  useEffect(() => {
    host('boards', []).then(setBoards, reportError);
  }, [entries]);
  const isFiltered = search !== '' || starred || board !== '';
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-2 border-line border-b p-2.5">
        <label className="flex items-center gap-2 rounded-md border border-edge bg-field px-2 focus-within:outline-2 focus-within:outline-accent">
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
        <div className="flex items-center gap-2">
          <Toggle icon={Star} label={words.starred} on={starred} onChange={setStarred} />
          <Select
            hideLabel
            className="flex-1"
            label={words.board}
            value={board}
            options={[['', words.allBoards], ...boards.map((name) => [name, name] as const)]}
            onChange={setBoard}
          />
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2.5">
        <ul aria-label={words.title} className="grid grid-cols-[repeat(auto-fill,minmax(112px,1fr))] gap-2.5">
          {entries.map((entry) => (
            <PictureCard key={entry.id} entry={entry} boards={boards} onChanged={reload} />
          ))}
        </ul>
        {entries.length === 0 && <EmptyState icon={Images}>{isFiltered ? words.nothingFound : words.empty}</EmptyState>}
        {!complete && (
          <TextButton className="mt-2.5 w-full" onClick={more}>
            {words.more}
          </TextButton>
        )}
      </div>
    </div>
  );
}

/** A value once it has stayed the same for a moment. */
function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
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
  readonly boards: readonly string[];
  readonly onChanged: () => void;
}

function PictureCard({ entry, boards, onChanged }: PictureCardProps) {
  const words = useWords().gallery;
  const { id, labelName, seed, starred } = entry;
  const alt = words.alt(labelName ?? '', seed);
  const star = () => host('changePicture', [id, { starred: !starred }]).then(onChanged, reportError);
  return (
    <li className="group relative">
      <button
        type="button"
        className="block w-full overflow-hidden rounded-lg border border-edge hover:border-accent"
        title={words.place}
        aria-label={`${words.place}: ${alt}`}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(PICTURE_TYPE, id)}
        onClick={() => void openPicture(id)}
      >
        <Thumbnail id={id} alt={alt} />
      </button>
      <div
        className={`absolute top-1 left-1 rounded-md bg-panel/85 ${starred ? '' : 'opacity-0 focus-within:opacity-100 group-hover:opacity-100'}`}
      >
        <IconButton
          small
          icon={Star}
          label={`${starred ? words.unstar : words.star}: ${alt}`}
          pressed={starred}
          className={starred ? '[&_svg]:fill-current' : ''}
          onClick={() => void star()}
        />
      </div>
      <div className="absolute top-1 right-1 rounded-md bg-panel/85 opacity-0 focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100">
        <PictureMenu entry={entry} boards={boards} alt={alt} onChanged={onChanged} />
      </div>
      <p className="truncate px-0.5 pt-1 font-medium text-2xs">{labelName ?? entry.model.name}</p>
      <p className="truncate px-0.5 text-2xs text-muted">{words.seed(seed)}</p>
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
  return <img src={url} alt={alt} draggable={false} className="aspect-square w-full bg-raised object-cover" />;
}
