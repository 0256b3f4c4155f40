/**
 * A picture's scales, coarse to fine, and the finished picture: each can be looked at, branched from and held.
 */
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StepCells } from '../../app/generation/step-cells.ts';
import { showStep } from '../actions/generate.ts';
import { areasOf, cellsOf } from '../stores/model-store.ts';
import { stagingStore, type Variant } from '../stores/staging-store.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';
import { Picture } from '../widgets/picture.tsx';
import { useThumbnailSide } from './thumbnail-side.ts';

export function Filmstrip({ variant }: { readonly variant: Variant }) {
  const words = useWords();
  const noun = useStepNoun(variant.request.model, variant.plan !== undefined);
  const { shownStep, held } = useStore(stagingStore);
  const side = useThumbnailSide();
  const { model } = variant.request;
  // Of a step that paints a part of the picture its place says more than its tokens.
  const tokensOf = (step: number) => (variant.plan || areasOf(model) ? '' : asGrid(cellsOf(model, step)));
  const heldSteps = held?.variant.id === variant.id ? held.steps : 0;
  return (
    <div role="listbox" aria-label={words.steps.filmstrip(noun)} className="flex gap-0.5 overflow-x-auto p-0.5">
      {variant.previews.map((image, step) => (
        <FilmFrame
          // biome-ignore lint/suspicious/noArrayIndexKey: a scale is its index
          key={step}
          label={words.steps.title(noun, step + 1, tokensOf(step))}
          caption={String(step + 1)}
          shown={shownStep === step}
          held={step < heldSteps}
          onShow={() => void showStep(step)}
        >
          <Picture image={image} alt="" side={side} className="rounded-[5px]" />
        </FilmFrame>
      ))}
      <FilmFrame
        label={words.staging.final}
        caption={words.staging.done}
        shown={shownStep === null}
        held={false}
        onShow={() => void showStep(null)}
      >
        <Picture image={variant.image} alt="" side={side} className="rounded-[5px]" />
      </FilmFrame>
    </div>
  );
}

function asGrid({ columns, rows }: StepCells): string {
  return `${columns} × ${rows}`;
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
