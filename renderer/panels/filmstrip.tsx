/**
 * A picture's scales, coarse to fine, and the finished picture: each can be looked at, branched from and held.
 */
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { showStep } from '../actions/generate.ts';
import { stepsOf } from '../stores/model-store.ts';
import { stagingStore, type Variant } from '../stores/staging-store.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';
import { Picture } from '../widgets/picture.tsx';

export const THUMBNAIL = 50;

export function Filmstrip({ variant }: { readonly variant: Variant }) {
  const words = useWords();
  const noun = useStepNoun(variant.request.model, variant.plan !== undefined);
  const { shownStep, held } = useStore(stagingStore);
  const tokens = variant.plan ? [] : stepsOf(variant.request.model).map(asGrid);
  const heldSteps = held?.variant.id === variant.id ? held.steps : 0;
  return (
    <div role="listbox" aria-label={words.steps.filmstrip(noun)} className="flex gap-0.5 overflow-x-auto p-0.5">
      {variant.previews.map((image, step) => (
        <FilmFrame
          // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
          key={step}
          label={words.steps.title(noun, step + 1, tokens[step] ?? '')}
          caption={String(step + 1)}
          shown={shownStep === step}
          held={step < heldSteps}
          onShow={() => void showStep(step)}
        >
          <Picture image={image} alt="" side={THUMBNAIL} className="rounded-[5px]" />
        </FilmFrame>
      ))}
      <FilmFrame
        label={words.staging.final}
        caption={words.staging.done}
        shown={shownStep === null}
        held={false}
        onShow={() => void showStep(null)}
      >
        <Picture image={variant.image} alt="" side={THUMBNAIL} className="rounded-[5px]" />
      </FilmFrame>
    </div>
  );
}

/** Of a square map of tokens its sides, else their number. */
function asGrid(tokens: number): string {
  const side = Math.sqrt(tokens);
  return Number.isInteger(side) ? `${side} × ${side}` : String(tokens);
}

interface FilmFrameProps {
  readonly label: string;
  readonly caption: string;
  readonly shown: boolean;
  readonly held: boolean;
  readonly onShow: () => void;
  readonly children: ReactNode;
}

function FilmFrame({ label, caption, shown, held, onShow, children }: FilmFrameProps) {
  return (
    <button
      type="button"
      role="option"
      aria-selected={shown}
      aria-label={label}
      title={label}
      className={`shrink-0 rounded-lg border-2 p-0.5 transition-colors ${shown ? 'border-accent' : 'border-transparent hover:border-edge'} ${held ? 'bg-tint' : ''}`}
      onClick={onShow}
    >
      {children}
      <span
        aria-hidden="true"
        className={`mt-0.5 block text-center text-2xs leading-none ${shown || held ? 'text-accent' : 'text-muted'}`}
      >
        {caption}
      </span>
    </button>
  );
}
