/**
 * The run in progress and the picture that waits over the frame: its scales, its siblings, and what can be done with it.
 */
import { Check, ChevronLeft, ChevronRight, Dices, EyeOff, GitBranch, Pause, Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { branch, rerollUncertain, showStep } from '../actions/generate.ts';
import { acceptVariant, discardVariant, hideVariant } from '../actions/staging.ts';
import { can, stepsOf } from '../stores/model-store.ts';
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
import { Alternatives } from './alternatives.tsx';
import { VariantTree } from './variant-tree.tsx';

const THUMBNAIL = 48;

export function StagingPanel() {
  const words = useWords().staging;
  const running = useStore(stagingStore, (state) => state.running);
  const variant = useStore(stagingStore, currentVariant);
  return (
    <section
      aria-label={words.title}
      className="flex h-[112px] shrink-0 items-center gap-4 border-line border-t bg-panel px-3 py-2"
    >
      {running ? <Running running={running} /> : variant ? <Waiting variant={variant} /> : <Nothing />}
    </section>
  );
}

/** Nothing lies over the frame; variants that were made before can be brought back. */
function Nothing() {
  const words = useWords().staging;
  const count = useStore(stagingStore, ({ variants }) => variants.length);
  return (
    <div className="flex flex-1 items-center justify-center gap-3 text-muted">
      <p>{words.empty}</p>
      {count > 0 && <TextButton onClick={() => stepVariant(-1)}>{words.showAgain(count)}</TextButton>}
    </div>
  );
}

function Running({ running }: { readonly running: RunningPreview }) {
  const words = useWords();
  const { job, step, steps, progress, leftMs, previews } = running;
  const left = leftMs === null ? '' : words.staging.left((leftMs / 1000).toFixed(1));
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-2">
      <div className="flex gap-1 overflow-x-auto p-0.5" data-testid="running-film">
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
        <IconButton small icon={Pause} label={words.staging.pause} onClick={() => command({ type: 'pause', job })} />
        <IconButton small icon={X} label={words.queue.cancel} onClick={() => command({ type: 'cancel', job })} />
      </div>
    </div>
  );
}

function Waiting({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  return (
    <>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <Upper variant={variant} />
        <Inspection variant={variant} />
      </div>
      <div className="flex shrink-0 flex-col items-end gap-2">
        <Siblings variant={variant} />
        <div className="flex items-center gap-1.5">
          <IconButton icon={EyeOff} label={words.hide} onClick={hideVariant} />
          <IconButton icon={Trash2} label={words.discard} className="text-danger" onClick={discardVariant} />
          <TextButton kind="primary" onClick={acceptVariant}>
            <Check size={15} aria-hidden="true" />
            {words.accept}
          </TextButton>
        </div>
      </div>
    </>
  );
}

/** The scales, or while doubt is shown the alternatives of a place. */
function Upper({ variant }: { readonly variant: Variant }) {
  const { showConfidence, place } = useStore(stagingStore);
  if (showConfidence && place) return <Alternatives variant={variant} place={place} />;
  if (variant.previews.length === 0) return null;
  return <Filmstrip variant={variant} />;
}

/** Comparing, and where the model was unsure. */
function Inspection({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const { compare, showConfidence, shownStep } = useStore(stagingStore);
  const hasEntropy = variant.entropy.length > 0;
  return (
    <div className="flex min-w-0 items-center gap-3 overflow-x-auto">
      <TextButton
        title={words.branchHint((shownStep ?? 0) + 1)}
        disabled={shownStep === null}
        onClick={() => void branch(variant, (shownStep ?? 0) + 1)}
      >
        <GitBranch size={14} aria-hidden="true" />
        {words.branch}
      </TextButton>
      {hasEntropy && (
        <>
          <TextButton onClick={() => void rerollUncertain(variant)}>
            <Dices size={14} aria-hidden="true" />
            {words.reroll}
          </TextButton>
          <Checkbox
            label={words.confidence}
            checked={showConfidence}
            onChange={(checked) => stagingStore.setState({ showConfidence: checked })}
          />
        </>
      )}
      {showConfidence && hasEntropy && can(variant.request.model, 'alternatives') ? (
        <p className="whitespace-nowrap text-muted max-xl:sr-only">{words.pickPlace}</p>
      ) : (
        <Slider
          label={words.compare}
          value={compare}
          min={0}
          max={1}
          step={0.01}
          shown={`${Math.round(compare * 100)} %`}
          onChange={(value) => stagingStore.setState({ compare: value })}
        />
      )}
    </div>
  );
}

function Filmstrip({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const shownStep = useStore(stagingStore, (state) => state.shownStep);
  const sides = stepsOf(variant.request.model).map((tokens) => Math.round(Math.sqrt(tokens)));
  return (
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
      <VariantTree />
      <span className="max-w-40 truncate text-muted">
        {variant.title} · {variant.request.seed}
        {variant.parent !== null && ` · ${words.branchOf(variant.branchStep)}`}
      </span>
    </div>
  );
}
