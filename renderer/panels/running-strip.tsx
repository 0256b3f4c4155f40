/**
 * The run in progress, scale by scale, and one that was paused.
 */
import { LoaderCircle, Pause, Play, X } from 'lucide-react';
import type { Job } from '../../app/jobs/job.ts';
import { command } from '../stores/queue-store.ts';
import type { RunningPreview } from '../stores/staging-store.ts';
import type { StepNoun } from '../text/en-steps.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { Picture } from '../widgets/picture.tsx';
import { timeText } from './models/format.ts';
import { useThumbnailSide } from './thumbnail-side.ts';

export function RunningStrip({ running }: { readonly running: RunningPreview }) {
  const words = useWords();
  const { job, model, step, steps, progress, leftMs, previews, paused, plan } = running;
  const noun = useStepNoun(model, plan !== undefined);
  const side = useThumbnailSide();
  const left = leftMs === null ? '' : words.staging.left(timeText(leftMs / 1000, words.models));
  return (
    <div className="flex min-w-0 flex-1 flex-col justify-center gap-2.5">
      <div className="flex gap-2 overflow-x-auto px-1 pt-0.5">
        {Array.from({ length: steps }, (_, i) => {
          const image = previews[i];
          const frame = 'shrink-0 rounded-[5px]';
          return image ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
            <Picture key={i} image={image} alt={`${i + 1}`} side={side} className={frame} />
          ) : (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
              key={i}
              aria-hidden="true"
              style={{ width: side, height: side }}
              className={`${frame} flex items-center justify-center border border-edge border-dashed text-2xs text-muted`}
            >
              {i + 1}
            </span>
          );
        })}
      </div>
      <div className="flex items-center gap-3 px-1">
        <p role="status" className="whitespace-nowrap tabular-nums">
          {paused ? words.steps.pausedAt(noun, step + 1, steps) : words.steps.running(noun, step + 1, steps)}
        </p>
        <progress aria-label={words.generate.go} value={progress} className="h-1.5 min-w-40 flex-1" />
        <span className="min-w-16 text-right text-muted tabular-nums">{!paused && left}</span>
        <RunButtons job={job} paused={paused} noun={noun} />
      </div>
    </div>
  );
}

/** Until the first scale is there: the model may still have to be loaded. */
export function StartingStrip() {
  const words = useWords().staging;
  return (
    <div className="flex flex-1 items-center justify-center gap-3 text-muted">
      <LoaderCircle size={18} aria-hidden="true" className="animate-spin text-accent" />
      <p role="status">{words.starting}</p>
    </div>
  );
}

/** A run that stopped before this window was open, or that was put away. */
export function PausedStrip({ job: { id, title, step, steps, request, area } }: { readonly job: Job }) {
  const words = useWords();
  const noun = useStepNoun(request.model, area !== undefined);
  return (
    <div className="flex flex-1 items-center justify-center gap-3">
      <p>
        <span className="font-medium">{title || words.queue.untitled}</span>
        <span className="text-muted"> · {words.steps.pausedAt(noun, step, steps)}</span>
      </p>
      <RunButtons job={id} paused noun={noun} />
    </div>
  );
}

interface RunButtonsProps {
  readonly job: string;
  readonly paused: boolean;
  readonly noun: StepNoun;
}

function RunButtons({ job, paused, noun }: RunButtonsProps) {
  const words = useWords();
  return (
    <div className="flex items-center gap-1">
      {paused ? (
        <TextButton small kind="primary" onClick={() => command({ type: 'resume', job })}>
          <Play size={13} fill="currentColor" aria-hidden="true" />
          {words.queue.resume}
        </TextButton>
      ) : (
        <IconButton
          small
          icon={Pause}
          label={words.steps.pause(noun)}
          onClick={() => command({ type: 'pause', job })}
        />
      )}
      <IconButton small icon={X} label={words.queue.cancel} onClick={() => command({ type: 'cancel', job })} />
    </div>
  );
}
