/**
 * A dialog in the middle of the window; Escape closes it and the focus goes back to where it was.
 */
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useWords } from '../text/words.ts';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({ title, open, onClose, children, wide = false }: DialogProps) {
  const words = useWords();
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/55" />
        <Radix.Content
          aria-describedby={undefined}
          className={`fixed top-1/2 left-1/2 z-50 flex max-h-[80vh] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-xl border border-edge bg-panel shadow-2xl ${wide ? 'w-[680px]' : 'w-[480px]'} max-w-[92vw]`}
        >
          <Radix.Title className="px-5 pt-4 pb-3 font-semibold text-[15px]">{title}</Radix.Title>
          <div className="flex min-h-0 flex-col overflow-y-auto px-5 pt-1 pb-5">{children}</div>
          {/* Last, so that the focus starts in what the dialog is for. */}
          <IconButton small icon={X} label={words.app.close} className="absolute top-4 right-4" onClick={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
