/**
 * The run in progress and the picture that waits over the frame: its scales, its siblings, and what can be done with it.
 */
import { Check, ChevronLeft, ChevronRight, Dices, EyeOff, GitBranch, Images, Pin, Trash2, Waves } from 'lucide-react';
import { useStore } from 'zustand';
import { branch, rerollUncertain } from '../actions/generate.ts';
import { acceptVariant, discardVariant, hideVariant, holdScales } from '../actions/staging.ts';
import { can } from '../stores/model-store.ts';
import { isMine, queueStore } from '../stores/queue-store.ts';
import { currentVariant, showVariant, stagingStore, stepVariant, type Variant } from '../stores/staging-store.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton, Toggle } from '../widgets/button.tsx';
import { Slider } from '../widgets/field.tsx';
import { Picture } from '../widgets/picture.tsx';
import { Alternatives } from './alternatives.tsx';
import { BranchOf } from './branch-of.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { PausedStrip, RunningStrip, StartingStrip } from './running-strip.tsx';
import { useThumbnailSide } from './thumbnail-side.ts';
import { VariantTree } from './variant-tree.tsx';

/** Earlier pictures that are offered while nothing lies over the frame. */
const EARLIER = 12;

export function StagingPanel() {
  const words = useWords().staging;
  return (
    <section
      aria-label={words.title}
      className="tour-filmstrip flex h-[128px] shrink-0 items-center [@media(min-height:1200px)]:h-[164px] gap-4 border-line border-t bg-panel px-3"
    >
      <Content />
    </section>
  );
}

function Content() {
  const running = useStore(stagingStore, (state) => state.running);
  const variant = useStore(stagingStore, currentVariant);
  const isStarting = useStore(
    queueStore,
    ({ jobs, preparing }) =>
      preparing || jobs.some(({ state, step, origin }) => state === 'running' && step === 0 && isMine(origin)),
  );
  if (running) return <RunningStrip running={running} />;
  if (variant) return <Waiting variant={variant} />;
  return isStarting ? <StartingStrip /> : <Nothing />;
}

/** Nothing lies over the frame; variants that were made before can be brought back. */
function Nothing() {
  const words = useWords().staging;
  const variants = useStore(stagingStore, (state) => state.variants);
  const side = useThumbnailSide();
  const paused = useStore(queueStore, ({ jobs }) =>
    jobs.find(({ state, origin }) => state === 'paused' && isMine(origin)),
  );
  if (paused) return <PausedStrip job={paused} />;
  if (variants.length === 0) {
    return (
      <div className="flex flex-1 items-center justify-center gap-3 text-muted">
        <Images size={20} strokeWidth={1.5} aria-hidden="true" />
        <p>{words.empty}</p>
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-1 items-center gap-4">
      <div className="flex min-w-0 flex-1 gap-2 overflow-x-auto p-1">
        {variants.slice(-EARLIER).map(({ id, image, title }) => (
          <button
            key={id}
            type="button"
            title={title}
            aria-label={words.showOne(title)}
            className="shrink-0 overflow-hidden rounded-lg border border-edge hover:border-accent"
            onClick={() => showVariant(id)}
          >
            <Picture image={image} alt="" side={side} />
          </button>
        ))}
      </div>
      <TextButton onClick={() => stepVariant(-1)}>{words.showAgain(variants.length)}</TextButton>
    </div>
  );
}

function Waiting({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  return (
    <>
      <div className="flex min-w-0 flex-1 flex-col justify-between self-stretch py-2.5">
        <Upper variant={variant} />
        <Inspection variant={variant} />
      </div>
      <div className="flex shrink-0 flex-col items-end justify-between self-stretch py-2.5">
        <Siblings variant={variant} />
        <div className="flex items-center gap-1.5">
          <IconButton icon={EyeOff} label={words.hide} onClick={hideVariant} />
          <IconButton icon={Trash2} label={words.discard} className="text-danger" onClick={discardVariant} />
          <TextButton kind="primary" onClick={acceptVariant}>
            <Check size={15} strokeWidth={2.5} aria-hidden="true" />
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

/** Going on from a scale, comparing, and where the model was unsure. */
function Inspection({ variant }: { readonly variant: Variant }) {
  const { staging: words, steps: stepWords } = useWords();
  const noun = useStepNoun(variant.request.model, variant.plan !== undefined);
  const { compare, showConfidence, shownStep, held, place } = useStore(stagingStore);
  const asksForPlace = showConfidence && variant.entropy.length > 0 && can(variant.request.model, 'alternatives');
  const steps = (shownStep ?? 0) + 1;
  const isHeld = held?.variant.id === variant.id && (shownStep === null || held.steps === steps);
  return (
    <div className="flex min-w-0 items-center gap-1.5 overflow-x-auto p-0.5">
      {!variant.plan && (
        <TextButton
          small
          title={shownStep === null ? stepWords.choose(noun) : stepWords.branchHint(noun, steps)}
          disabled={shownStep === null}
          onClick={() => void branch(variant, steps)}
        >
          <GitBranch size={14} strokeWidth={1.75} aria-hidden="true" />
          {words.branch}
        </TextButton>
      )}
      {!variant.plan && (shownStep !== null || isHeld) && (
        <Toggle
          icon={Pin}
          label={words.hold}
          help={stepWords.holdHint(noun, isHeld ? held.steps : steps)}
          on={isHeld}
          onChange={(on) => holdScales(on ? { variant, steps } : null)}
        />
      )}
      {variant.entropy.length > 0 && (
        <>
          <TextButton small title={words.rerollHint} onClick={() => void rerollUncertain(variant)}>
            <Dices size={14} strokeWidth={1.75} aria-hidden="true" />
            {words.reroll}
          </TextButton>
          <Toggle
            icon={Waves}
            label={words.confidence}
            help={words.confidenceHint}
            on={showConfidence}
            onChange={(on) => stagingStore.setState({ showConfidence: on, place: null })}
          />
        </>
      )}
      {asksForPlace ? (
        <p className="whitespace-nowrap text-muted">{place === null && words.pickPlace}</p>
      ) : (
        <Slider
          label={words.compare}
          help={words.compareHint}
          className="w-32"
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

function Siblings({ variant }: { readonly variant: Variant }) {
  const words = useWords().staging;
  const variants = useStore(stagingStore, (state) => state.variants);
  const at = variants.findIndex(({ id }) => id === variant.id) + 1;
  return (
    <div className="flex flex-col items-end gap-0.5">
      <div className="flex items-center gap-0.5">
        <VariantTree />
        <IconButton small icon={ChevronLeft} label={words.previous} onClick={() => stepVariant(-1)} />
        <span className="tabular-nums">{words.position(at, variants.length)}</span>
        <IconButton small icon={ChevronRight} label={words.next} onClick={() => stepVariant(1)} />
      </div>
      <p className="max-w-56 truncate text-2xs text-muted" title={variant.title}>
        {variant.title} · {variant.request.seed}
      </p>
      {variant.parent !== null && (
        <p className="max-w-56 truncate text-2xs text-muted">
          <BranchOf variant={variant} />
        </p>
      )}
    </div>
  );
}
