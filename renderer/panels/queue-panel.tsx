/**
 * The queue: what runs, what waits and what came of the rest.
 */
import { ArrowDown, ArrowUp, Dices, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useStore } from 'zustand';
import { isSettled, type Job } from '../../app/jobs/job.ts';
import { randomSeed } from '../stores/model-store.ts';
import { command, queueStore } from '../stores/queue-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { EmptyState } from '../widgets/field.tsx';

export function QueuePanel() {
  const words = useWords().queue;
  const { jobs, paused } = useStore(queueStore);
  const shown = jobs.filter(({ origin, state }) => !origin.live || state === 'failed');
  return (
    <div className="flex h-full flex-col">
      <div className="flex items-center justify-between border-line border-b p-2">
        <p role="status" className="text-muted">
          {paused ? words.paused : ''}
        </p>
        <TextButton onClick={() => command({ type: 'pauseQueue', paused: !paused })}>
          {paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
          {paused ? words.resumeQueue : words.pauseQueue}
        </TextButton>
      </div>
      {shown.length === 0 ? (
        <EmptyState>{words.empty}</EmptyState>
      ) : (
        <ol aria-label={words.title} className="min-h-0 flex-1 overflow-y-auto p-1.5">
          {shown.map((job) => (
            <JobRow key={job.id} job={job} place={jobs.indexOf(job)} />
          ))}
        </ol>
      )}
    </div>
  );
}

function JobRow({ job, place }: { readonly job: Job; readonly place: number }) {
  const words = useWords().queue;
  const { id, state, title, request, step, steps, progress, error } = job;
  return (
    <li className="mb-1 rounded-md border border-line bg-raised p-2">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{title || words.untitled}</p>
          <p className="truncate text-muted">
            {words.states[state]} · {words.seed(request.seed)}
            {steps > 0 && !isSettled(job) && ` · ${step}/${steps}`}
          </p>
        </div>
        <JobButtons job={job} place={place} />
      </div>
      {(state === 'running' || state === 'paused') && (
        <progress aria-label={words.states[state]} value={progress} className="mt-1 h-1.5 w-full accent-accent" />
      )}
      {error && (
        <p className="mt-1 text-danger">
          {error.message} {error.hint}
        </p>
      )}
      <span className="sr-only">{id}</span>
    </li>
  );
}

function JobButtons({ job, place }: { readonly job: Job; readonly place: number }) {
  const words = useWords().queue;
  const { id, state, request, title } = job;
  const send = (type: 'cancel' | 'pause' | 'resume' | 'remove') => () => command({ type, job: id });
  if (isSettled(job)) {
    return (
      <>
        {state !== 'done' && <IconButton small icon={RotateCcw} label={words.retry} onClick={send('resume')} />}
        <IconButton small icon={X} label={words.remove} onClick={send('remove')} />
      </>
    );
  }
  const reseed = () => command({ type: 'edit', job: id, request: { ...request, seed: randomSeed() }, title });
  return (
    <>
      {state === 'waiting' && (
        <>
          <IconButton small icon={Dices} label={words.newSeed} disabled={job.step > 0} onClick={reseed} />
          <IconButton
            small
            icon={ArrowUp}
            label={words.up}
            disabled={place === 0}
            onClick={() => command({ type: 'move', job: id, to: place - 1 })}
          />
          <IconButton
            small
            icon={ArrowDown}
            label={words.down}
            onClick={() => command({ type: 'move', job: id, to: place + 1 })}
          />
        </>
      )}
      {state === 'paused' ? (
        <IconButton small icon={Play} label={words.resume} onClick={send('resume')} />
      ) : (
        <IconButton small icon={Pause} label={words.pause} onClick={send('pause')} />
      )}
      <IconButton small icon={X} label={words.cancel} onClick={send('cancel')} />
    </>
  );
}
