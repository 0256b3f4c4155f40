/**
 * How far the host's batch is.
 */
import { Images, Play, Square } from 'lucide-react';
import { useStore } from 'zustand';
import { timeInWords } from '../../../app/base/quantities.ts';
import { useWords } from '../../text/words.ts';
import { TextButton } from '../../widgets/button.tsx';
import { batchStore, openBatch, resumeBatch, stopBatch } from './batch-store.ts';

export function BatchProgress() {
  const words = useWords().batch;
  const state = useStore(batchStore, (store) => store.state);
  if (!state || state.phase === 'none') return null;
  const { phase, count, done, leftMs, last, failed, error } = state;
  const isRunning = phase === 'running';
  return (
    <section aria-label={words.progress} className="flex flex-col gap-2 rounded-lg border border-line bg-raised p-3">
      <div className="flex items-center gap-3">
        <p role="status" className="min-w-0 flex-1 truncate">
          {words.phases[phase]}: {words.done(done, count)}
          {leftMs !== null && `, ${words.left(timeInWords(leftMs))}`}
        </p>
        {isRunning && (
          <TextButton kind="danger" onClick={() => void stopBatch()}>
            <Square size={14} aria-hidden="true" />
            {words.stop}
          </TextButton>
        )}
        {(phase === 'stopped' || phase === 'failed' || failed.length > 0) && !isRunning && (
          <TextButton onClick={() => void resumeBatch()}>
            <Play size={14} aria-hidden="true" />
            {words.resume}
          </TextButton>
        )}
      </div>
      <progress
        aria-label={words.progress}
        value={done}
        max={Math.max(1, count)}
        className="h-1.5 w-full accent-accent"
      />
      {last && <p className="select-text break-all text-muted">{last}</p>}
      {state.order && <p className="select-text break-all text-muted">{words.into(state.order.out)}</p>}
      {error && (
        <p role="alert" className="text-danger">
          {error.message} {error.hint}
        </p>
      )}
      {failed.length > 0 && <p className="text-danger">{words.failed(failed.length)}</p>}
      <ul className="text-muted">
        {failed.map(({ n, file, error: why }) => (
          <li key={n}>
            {file}: {why.message}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A button for the queue that opens the dialog and says how far the batch is. */
export function BatchButton() {
  const words = useWords().batch;
  const state = useStore(batchStore, (store) => store.state);
  const running = state?.phase === 'running';
  return (
    <TextButton onClick={() => void openBatch()}>
      <Images size={14} aria-hidden="true" />
      {running ? words.done(state.done, state.count) : words.open}
    </TextButton>
  );
}
