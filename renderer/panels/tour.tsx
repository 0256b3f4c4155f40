/**
 * Three sentences for the first start.
 */
import { useState } from 'react';
import { useStore } from 'zustand';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { TextButton } from '../widgets/button.tsx';

export function Tour() {
  const words = useWords().tour;
  const { tourDone, loaded } = useStore(settingsStore);
  const dialog = useStore(uiStore, (state) => state.dialog);
  const [at, setAt] = useState(0);
  const step = words.steps[at];
  if (!loaded || tourDone || !step || dialog !== null) return null;
  const finish = () => {
    setAt(0);
    changeSettings({ tourDone: true });
  };
  const isLast = at === words.steps.length - 1;
  return (
    <aside
      aria-label={words.title}
      className="absolute top-4 left-4 z-20 w-80 rounded-xl border border-accent bg-panel p-4 shadow-2xl"
    >
      <p className="text-muted text-xs">
        {at + 1} / {words.steps.length}
      </p>
      <h2 className="mt-1 font-semibold text-sm">{step.title}</h2>
      <p className="mt-1">{step.text}</p>
      <div className="mt-3 flex justify-between">
        <TextButton onClick={finish}>{words.skip}</TextButton>
        <TextButton kind="primary" onClick={isLast ? finish : () => setAt(at + 1)}>
          {isLast ? words.done : words.next}
        </TextButton>
      </div>
    </aside>
  );
}
