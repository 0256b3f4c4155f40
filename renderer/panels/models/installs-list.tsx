/**
 * Models on their way.
 */
import { Pause, Play, X } from 'lucide-react';
import { useStore } from 'zustand';
import type { Install } from '../../../app/contracts/models-api.ts';
import { commandInstall, managerStore } from '../../stores/manager-store.ts';
import type { Words } from '../../text/en.ts';
import { useWords } from '../../text/words.ts';
import { IconButton } from '../../widgets/button.tsx';
import { Bar } from './bar.tsx';
import { bytesText, timeText } from './format.ts';

export function InstallsList() {
  const words = useWords().models;
  const installs = useStore(managerStore, (state) => state.installs);
  if (installs.length === 0) return null;
  return (
    <section aria-label={words.running} className="mb-3">
      <ul className="flex flex-col gap-2">
        {installs.map((install) => (
          <InstallRow key={install.id} install={install} />
        ))}
      </ul>
    </section>
  );
}

function InstallRow({ install }: { readonly install: Install }) {
  const words = useWords().models;
  const { id, name, state, error, files } = install;
  const done = files.reduce((sum, file) => sum + file.done, 0);
  const total = files.reduce((sum, file) => sum + (file.total ?? file.done), 0);
  const runs = state !== 'paused' && state !== 'failed' && state !== 'elsewhere';
  return (
    <li className="rounded-md border border-line bg-raised p-2">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{name}</p>
          <p className="truncate text-muted tabular-nums">{factsOf(install, { done, total }, words)}</p>
        </div>
        {runs ? (
          <IconButton
            small
            icon={Pause}
            label={`${words.pause}: ${name}`}
            onClick={() => commandInstall({ type: 'pause', install: id })}
          />
        ) : (
          <IconButton
            small
            icon={Play}
            label={`${words.resume}: ${name}`}
            onClick={() => commandInstall({ type: 'resume', install: id })}
          />
        )}
        <IconButton
          small
          icon={X}
          label={`${words.cancel}: ${name}`}
          onClick={() => commandInstall({ type: 'cancel', install: id })}
        />
      </div>
      <Bar
        label={`${name}: ${words.states[state]}`}
        share={state === 'preparing' || total === 0 ? undefined : done / total}
      />
      {error && (
        <p role="alert" className="mt-1 text-danger">
          {error.message} {error.hint}
        </p>
      )}
    </li>
  );
}

function factsOf(
  { state, rate, leftSeconds, note }: Install,
  { done, total }: { readonly done: number; readonly total: number },
  words: Words['models'],
): string {
  const facts = [
    words.states[state],
    total > 0 ? words.progress(bytesText(done, words), bytesText(total, words)) : '',
    rate > 0 ? words.rate(bytesText(rate, words)) : '',
    leftSeconds === null ? '' : words.left(timeText(leftSeconds, words)),
    note ?? '',
  ];
  return facts.filter(Boolean).join(' · ');
}
