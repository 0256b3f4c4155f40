/**
 * The run in progress and the picture that waits over the frame: its scales, its siblings, and what can be done with it.
 */
import { Check, ChevronLeft, ChevronRight, Dices, EyeOff, Flame, GitBranch, Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { branch, rerollUncertain, showStep } from '../actions/generate.ts';
import { acceptVariant, discardVariant, hideVariant } from '../actions/staging.ts';
import { stepsOf } from '../stores/model-store.ts';
import { command } from '../stores/queue-store.ts';
import {
  currentVariant,
  type RunningPreview,
  stagingStore,
  stepVariant,
  type Variant,
} from '../stores/staging-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';
import { Checkbox, Slider } from '../widgets/field.tsx';
import { Picture } from '../widgets/picture.tsx';

const THUMBNAIL = 52;

export function StagingPanel() {
  const words = useWords().staging;
  const running = useStore(stagingStore, (state) => state.running);
  const variant = useStore(stagingStore, currentVariant);
  if (!running && !variant) return null;
  return (
    <section
      aria-label={words.title}
      className="pointer-events-auto absolute inset-x-3 bottom-3 z-10 mx-auto flex w-fit max-w-[calc(100%-1.5rem)] flex-col gap-2 rounded-xl border border-line bg-panel/95 p-2.5 shadow-xl"
    >
      {running ? <Running running={running} /> : variant && <Waiting variant={variant} />}
    </section>
  );
}

function Running({ running }: { readonly running: RunningPreview }) {
  const words = useWords();
  const { job, step, steps, progress, leftMs, previews } = running;
  const left = leftMs === null ? '' : words.staging.left((leftMs / 1000).toFixed(1));
  return (
    <>
      <div className="flex gap-1 overflow-x-auto" data-testid="running-film">
        {previews.map((image, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
          <Picture key={i} image={image} alt={`${i + 1}`} side={THUMBNAIL} className="rounded" />
        ))}
      </div>
      <div className="flex items-center gap-3">
        <p role="status" className="whitespace-nowrap">
          {words.staging.running(step + 1, steps)} {left}
        </p>
        <progress aria-label={words.generate.go} value={progress} className="h-2 min-w-40 flex-1 accent-accent" />
        <IconButton small icon={X} label={words.queue.cancel} onClick={() => command({ type: 'cancel', job })} />
      </div>
    </>
  );
}

function Waiting({ variant }: { readonly variant: Variant }) {
  const { compare } = useStore(stagingStore);
  const words = useWords().staging;
  return (
    <>
      {variant.previews.length > 0 && <Filmstrip variant={variant} />}
      <div className="flex flex-wrap items-center gap-2">
        <Siblings variant={variant} />
        <Slider
          label={words.compare}
          value={compare}
          min={0}
          max={1}
          step={0.01}
          shown={`${Math.round(compare * 100)} %`}
          onChange={(value) => stagingStore.setState({ compare: value })}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {variant.entropy.length > 0 && <Confidence variant={variant} />}
        <span className="flex-1" />
        <IconButton icon={EyeOff} label={words.hide} onClick={hideVariant} />
        <TextButton kind="danger" onClick={discardVariant}>
          <Trash2 size={14} aria-hidden="true" />
          {words.discard}
        </TextButton>
        <TextButton kind="primary" onClick={acceptVariant}>
          <Check size={15} aria-hidden="true" />
          {words.accept}
        </TextButton>
      </div>
    </>
  );
}

function Filmstrip({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const shownStep = useStore(stagingStore, (state) => state.shownStep);
  const sides = stepsOf(variant.request.model).map((tokens) => Math.round(Math.sqrt(tokens)));
  return (
    <div className="flex items-start gap-2">
      <div role="listbox" aria-label={words.filmstrip} className="flex gap-1 overflow-x-auto p-0.5">
        {variant.previews.map((image, step) => (
          <FilmFrame
            // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
            key={step}
            label={words.scale(step + 1, sides[step] ?? 0)}
            shown={shownStep === step}
            onShow={() => void showStep(step)}
          >
            <Picture image={image} alt="" side={THUMBNAIL} className="rounded" />
          </FilmFrame>
        ))}
        <FilmFrame label={words.final} shown={shownStep === null} onShow={() => void showStep(null)}>
          <Picture image={variant.image} alt="" side={THUMBNAIL} className="rounded" />
        </FilmFrame>
      </div>
      <TextButton
        title={words.branchHint((shownStep ?? 0) + 1)}
        disabled={shownStep === null}
        onClick={() => void branch(variant, (shownStep ?? 0) + 1)}
      >
        <GitBranch size={14} aria-hidden="true" />
        {words.branch}
      </TextButton>
    </div>
  );
}

interface FilmFrameProps {
  readonly label: string;
  readonly shown: boolean;
  readonly onShow: () => void;
  readonly children: ReactNode;
}

function FilmFrame({ label, shown, onShow, children }: FilmFrameProps) {
  return (
    <button
      type="button"
      role="option"
      aria-selected={shown}
      aria-label={label}
      title={label}
      className={`shrink-0 rounded-md border-2 ${shown ? 'border-accent' : 'border-transparent hover:border-line'}`}
      onClick={onShow}
    >
      {children}
    </button>
  );
}

function Siblings({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const variants = useStore(stagingStore, (state) => state.variants);
  const at = variants.findIndex(({ id }) => id === variant.id) + 1;
  return (
    <div className="flex items-center gap-1">
      <IconButton small icon={ChevronLeft} label={words.previous} onClick={() => stepVariant(-1)} />
      <span className="tabular-nums">{words.position(at, variants.length)}</span>
      <IconButton small icon={ChevronRight} label={words.next} onClick={() => stepVariant(1)} />
      <span className="max-w-52 truncate text-muted">
        {variant.title} · {variant.request.seed}
        {variant.parent !== null && ` · ${words.branchOf(variant.branchStep)}`}
      </span>
    </div>
  );
}

function Confidence({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const shown = useStore(stagingStore, (state) => state.showConfidence);
  return (
    <>
      <Flame size={14} aria-hidden="true" className="text-muted" />
      <Checkbox
        label={words.confidence}
        checked={shown}
        onChange={(checked) => stagingStore.setState({ showConfidence: checked })}
      />
      <TextButton onClick={() => void rerollUncertain(variant)}>
        <Dices size={14} aria-hidden="true" />
        {words.reroll}
      </TextButton>
    </>
  );
}
