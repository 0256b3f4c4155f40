/**
 * What can be done with a job of the queue.
 */
import { ArrowDown, ArrowUp, Pause, Pencil, Play, RotateCcw, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useStore } from 'zustand';
import { isSettled, type Job } from '../../app/jobs/job.ts';
import { currentRequest, modelStore, randomSeed, titleOf } from '../stores/model-store.ts';
import { command } from '../stores/queue-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { NumberField, Select } from '../widgets/field.tsx';
import { PromptField } from './prompt-field.tsx';

const MAX_SEED = 2 ** 32 - 1;

interface JobButtonsProps {
  readonly job: Job;
  /** In the whole list, and the last place of it. */
  readonly place: number;
  readonly last: number;
}

export function JobButtons({ job, place, last }: JobButtonsProps) {
  const words = useWords().queue;
  const { id, state } = job;
  const send = (type: 'cancel' | 'pause' | 'resume' | 'remove') => () => command({ type, job: id });
  if (isSettled(job)) {
    return (
      <>
        {state !== 'done' && <IconButton small icon={RotateCcw} label={words.retry} onClick={send('resume')} />}
        <IconButton small icon={X} label={words.remove} className="text-muted" onClick={send('remove')} />
      </>
    );
  }
  const move = (to: number) => command({ type: 'move', job: id, to });
  return (
    <>
      {state === 'waiting' && (
        <>
          {job.step === 0 && <EditJob job={job} />}
          <IconButton small icon={ArrowUp} label={words.up} disabled={place === 0} onClick={() => move(place - 1)} />
          <IconButton
            small
            icon={ArrowDown}
            label={words.down}
            disabled={place === last}
            onClick={() => move(place + 1)}
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

/** Changes what a picture that has not begun will be. */
function EditJob({ job: { id, request, title } }: { readonly job: Job }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const [seed, setSeed] = useState(request.seed);
  const [label, setLabel] = useState(request.label);
  const [prompt, setPrompt] = useState(request.prompt);
  const labels = useStore(modelStore, ({ descriptions }) => descriptions[request.model]?.labels) ?? [];
  const send = (changed: typeof request) => {
    setOpen(false);
    command({ type: 'edit', job: id, request: changed, title: titleOf(changed) || title });
  };
  const takePanel = () => {
    const asked = currentRequest();
    if (asked) send({ ...request, ...asked, seed });
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={words.queue.edit}
        title={words.queue.edit}
        className="inline-flex size-6 items-center justify-center rounded-md hover:bg-raised"
      >
        <Pencil size={13} strokeWidth={1.75} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          aria-label={words.queue.edit}
          className="z-30 flex w-72 flex-col gap-3 rounded-xl border border-edge bg-panel p-4 shadow-xl"
        >
          {labels.length > 0 && (
            <Select
              label={words.generate.label}
              value={String(label ?? '')}
              options={[
                ['', words.generate.noLabel],
                ...labels.map((name, index): [string, string] => [String(index), name]),
              ]}
              onChange={(value) => setLabel(value === '' ? null : Number(value))}
            />
          )}
          {prompt !== undefined && <PromptField className="w-full" value={prompt} onChange={setPrompt} />}
          <div className="flex items-center gap-2">
            <NumberField
              label={words.generate.seed}
              value={seed}
              min={0}
              max={MAX_SEED}
              className="w-28"
              onChange={setSeed}
            />
            <TextButton small onClick={() => setSeed(randomSeed())}>
              {words.generate.dice}
            </TextButton>
          </div>
          <div className="flex justify-end gap-2">
            <TextButton title={words.queue.takePanelHint} onClick={takePanel}>
              {words.queue.takePanel}
            </TextButton>
            <TextButton kind="primary" onClick={() => send({ ...request, seed, label, prompt })}>
              {words.queue.change}
            </TextButton>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
