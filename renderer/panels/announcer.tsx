/**
 * Tells screen readers what is otherwise only seen: a picture that is ready, a step that was undone.
 */
import { useEffect, useState } from 'react';
import { documentStore } from '../stores/document-store.ts';
import { currentVariant, stagingStore } from '../stores/staging-store.ts';
import { editWords, words } from '../text/words.ts';

export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    const stops = [
      documentStore.subscribe(({ history }, { history: before }) => {
        const [undone, redone] = [history.future[0], before.future[0]];
        if (history.future.length > before.future.length && undone)
          setText(words().told.undone(editWords(undone.label)));
        else if (history.future.length === before.future.length - 1 && redone) {
          setText(words().told.redone(editWords(redone.label)));
        }
      }),
      stagingStore.subscribe((state, before) => {
        const variant = currentVariant(state);
        if (variant && !before.variants.includes(variant) && !variant.live) setText(words().told.ready(variant.title));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
