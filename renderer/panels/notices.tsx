/**
 * Sentences for the person, at the top of the canvas.
 */
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { dismissNotice, noticeStore } from '../stores/notice-store.ts';
import { uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton } from '../widgets/button.tsx';

export function Notices() {
  const words = useWords().app;
  const notices = useStore(noticeStore, (state) => state.notices);
  const connected = useStore(uiStore, (state) => state.connected);
  return (
    <div aria-live="polite" className="absolute top-3 right-3 z-30 flex w-80 max-w-[80%] flex-col gap-2">
      {!connected && (
        <div role="alert" className="rounded-lg border border-danger bg-panel p-3 shadow-lg">
          <p>{words.lost}</p>
          <TextButton className="mt-2" onClick={() => window.location.reload()}>
            {words.reload}
          </TextButton>
        </div>
      )}
      {notices.map(({ id, kind, message, hint, action }) => (
        <div
          key={id}
          role={kind === 'error' ? 'alert' : 'status'}
          className={`flex items-start gap-2 rounded-lg border bg-panel p-3 shadow-lg ${kind === 'error' ? 'border-danger' : 'border-line'}`}
        >
          <p className="min-w-0 flex-1 select-text break-words">
            {message} {hint && <span className="text-muted">{hint}</span>}
          </p>
          {action && (
            <TextButton
              className="-my-1"
              onClick={() => {
                dismissNotice(id);
                action.run();
              }}
            >
              {action.label}
            </TextButton>
          )}
          <IconButton small icon={X} label={words.close} onClick={() => dismissNotice(id)} />
        </div>
      ))}
    </div>
  );
}
