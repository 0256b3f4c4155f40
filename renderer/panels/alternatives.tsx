/**
 * What else the model would have put at one place of a picture; a click takes it.
 */
import { X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Rect } from '../../app/document/document.ts';
import type { Alternative } from '../../app/generation/pipeline-event.ts';
import { alternativesAt, withToken } from '../actions/generate.ts';
import { stepsOf } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { stagingStore, type Variant } from '../stores/staging-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton } from '../widgets/button.tsx';
import { Picture } from '../widgets/picture.tsx';

const SIDE = 48;

interface AlternativesProps {
  readonly variant: Variant;
  readonly place: { readonly step: number; readonly position: number };
}

export function Alternatives({ variant, place }: AlternativesProps) {
  const words = useWords().staging;
  const [found, setFound] = useState<readonly Alternative[]>([]);
  useEffect(() => {
    let gone = false;
    setFound([]);
    alternativesAt(variant, place).then((alternatives) => !gone && setFound(alternatives), reportError);
    return () => {
      gone = true;
    };
  }, [variant, place]);
  const part = useMemo(
    () => surroundings(stepsOf(variant.request.model)[place.step] ?? 1, place.position),
    [variant, place],
  );
  const before = stepsOf(variant.request.model).slice(0, place.step);
  const index = before.reduce((sum, count) => sum + count, 0) + place.position;
  return (
    <fieldset aria-label={words.alternatives} className="flex min-h-17 items-center gap-1 overflow-x-auto p-0.5">
      {found.map(({ token, probability, preview }) => (
        <button
          key={token}
          type="button"
          aria-pressed={token === variant.tokens[index]}
          aria-label={words.alternative(`${(probability * 100).toFixed(1)} %`)}
          className={`shrink-0 rounded-lg border-2 p-0.5 hover:border-accent ${token === variant.tokens[index] ? 'border-accent text-accent' : 'border-transparent text-muted'}`}
          onClick={() => token !== variant.tokens[index] && void withToken(variant, index, token)}
        >
          <Picture image={preview} alt="" side={SIDE} part={part} className="rounded-[5px]" />
          <span aria-hidden="true" className="mt-0.5 block text-center text-2xs tabular-nums leading-none">
            {`${(probability * 100).toFixed(1)} %`}
          </span>
        </button>
      ))}
      <IconButton small icon={X} label={words.hide} onClick={() => stagingStore.setState({ place: null })} />
    </fieldset>
  );
}

/** A token's cell and half of its neighbours, in shares of the picture's sides. */
function surroundings(tokens: number, position: number): Rect {
  const cells = Math.round(Math.sqrt(tokens));
  const side = Math.min(1, 2 / cells);
  const start = (cell: number) => Math.max(0, Math.min(1 - side, (cell - 0.5) / cells));
  return { x: start(position % cells), y: start(Math.floor(position / cells)), width: side, height: side };
}
