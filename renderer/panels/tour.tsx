/**
 * Three sentences for the first start, each beside what it speaks of.
 */
import { useState } from 'react';
import { useStore } from 'zustand';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton } from '../widgets/button.tsx';

/** Above the prompt, above the filmstrip, below the commands; the tip points there. */
const PLACES = [
  { card: 'tour-above-prompt left-16', tip: '-bottom-2 left-24 border-r border-b' },
  { card: 'tour-above-filmstrip left-16', tip: '-bottom-2 left-24 border-r border-b' },
  { card: 'top-14 right-28 max-lg:right-4', tip: '-top-2 right-8 border-t border-l' },
] as const;

export function Tour() {
  const words = useWords().tour;
  const { tourDone, loaded } = useStore(settingsStore);
  const dialog = useStore(uiStore, (state) => state.dialog);
  const [at, setAt] = useState(0);
  const step = words.steps[at];
  const place = PLACES[at];
  if (!loaded || tourDone || !step || !place || dialog !== null) return null;
  const finish = () => {
    setAt(0);
    changeSettings({ tourDone: true });
  };
  const isLast = at === words.steps.length - 1;
  return (
    <aside
      aria-label={words.title}
      className={`fixed z-30 w-84 rounded-xl border border-accent bg-panel p-4 shadow-2xl ${place.card}`}
    >
      <span aria-hidden="true" className={`absolute size-4 rotate-45 border-accent bg-panel ${place.tip}`} />
      <div className="relative bg-panel">
        <h2 className="font-semibold text-[15px]">{step.title}</h2>
        <p className="mt-1 text-muted">{step.text}</p>
        <div className="mt-3 flex items-center gap-2">
          <p className="flex-1 text-2xs text-muted tabular-nums">
            {at + 1} / {words.steps.length}
          </p>
          {!isLast && (
            <TextButton kind="quiet" onClick={finish}>
              {words.skip}
            </TextButton>
          )}
          <TextButton kind="primary" onClick={isLast ? finish : () => setAt(at + 1)}>
            {isLast ? words.done : words.next}
          </TextButton>
        </div>
      </div>
    </aside>
  );
}
