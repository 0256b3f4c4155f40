/**
 * The queue: what runs, what waits and what came of the rest.
 */
import { CircleCheck, ListVideo, Pause, Play } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { useStore } from 'zustand';
import { isSettled, type Job } from '../../app/jobs/job.ts';
import { command, queueStore } from '../stores/queue-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton } from '../widgets/button.tsx';
import { EmptyState } from '../widgets/field.tsx';

import { BatchButton } from './batch/batch-progress.tsx';
import { JobButtons } from './job-buttons.tsx';

const JOB_TYPE = 'application/x-underpaint-job';

export function QueuePanel() {
  const words = useWords().queue;
  const { jobs, paused } = useStore(queueStore);
  const shown = jobs.filter(({ origin, state }) => !origin.live || state === 'failed');
  const open = shown.filter((job) => !isSettled(job));
  const settled = shown.filter(isSettled).toReversed();
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b p-2.5">
        <p role="status" className="w-full text-muted">
          {paused ? words.paused : words.count(open.length)}
        </p>
        <BatchButton />
        <TextButton onClick={() => command({ type: 'pauseQueue', paused: !paused })}>
          {paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
          {paused ? words.resumeQueue : words.pauseQueue}
        </TextButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2.5">
        {open.length === 0 && <EmptyState icon={ListVideo}>{words.empty}</EmptyState>}
        <ol aria-label={words.title} className="flex flex-col gap-1.5">
          {open.map((job) => (
            <OpenRow key={job.id} job={job} jobs={jobs} />
          ))}
        </ol>
        {settled.length > 0 && (
          <>
            <div className="mt-4 mb-1 flex items-center justify-between">
              <h2 className="font-semibold text-2xs text-muted uppercase tracking-wide">{words.earlier}</h2>
              <TextButton small kind="quiet" onClick={() => forget(settled)}>
                {words.clear}
              </TextButton>
            </div>
            <ul aria-label={words.earlier} className="flex flex-col gap-0.5">
              {settled.map((job) => (
                <SettledRow key={job.id} job={job} />
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

function forget(jobs: readonly Job[]): void {
  for (const { id } of jobs) command({ type: 'remove', job: id });
}

/** Runs, waits or is paused. Rows are dragged onto each other to change their order. */
function OpenRow({ job, jobs }: { readonly job: Job; readonly jobs: readonly Job[] }) {
  const words = useWords().queue;
  const [isTarget, setTarget] = useState(false);
  const { id, state, title, request, step, steps, progress } = job;
  const place = jobs.indexOf(job);
  const drop = (event: DragEvent) => {
    setTarget(false);
    const dragged = event.dataTransfer.getData(JOB_TYPE);
    if (dragged && dragged !== id) command({ type: 'move', job: dragged, to: place });
  };
  const isMovable = state === 'waiting' || state === 'paused';
  return (
    <li
      draggable={isMovable}
      className={`rounded-lg border p-2.5 ${isTarget ? 'border-accent' : 'border-line'} ${state === 'running' ? 'bg-tint' : 'bg-field'} ${isMovable ? 'cursor-grab' : ''}`}
      onDragStart={(event) => event.dataTransfer.setData(JOB_TYPE, id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(JOB_TYPE)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 truncate font-medium">{title || words.untitled}</p>
        <JobButtons job={job} place={place} last={jobs.length - 1} />
      </div>
      <p className="truncate text-2xs text-muted">
        {words.states[state]}
        {steps > 0 && ` · ${step}/${steps}`} · {words.seed(request.seed)}
      </p>
      {(state === 'running' || state === 'paused') && (
        <progress aria-label={words.states[state]} value={progress} className="mt-1.5 block h-1 w-full" />
      )}
    </li>
  );
}

function SettledRow({ job }: { readonly job: Job }) {
  const words = useWords().queue;
  const { state, title, request, error } = job;
  return (
    <li className="rounded-md px-1 py-1">
      <div className="flex items-center gap-1.5">
        {state === 'done' && (
          <CircleCheck size={14} className="shrink-0 text-muted" aria-label={words.states.done} role="img" />
        )}
        <p className="min-w-0 flex-1 truncate">
          {title || words.untitled}
          <span className="text-2xs text-muted">
            {state !== 'done' && ` · ${words.states[state]}`} · {words.seed(request.seed)}
          </span>
        </p>
        <JobButtons job={job} place={0} last={0} />
      </div>
      {error && (
        <p className="mt-1 select-text text-danger">
          {error.message} {error.hint}
        </p>
      )}
    </li>
  );
}
