/**
 * What to paint in words.
 */
import { useWords } from '../text/words.ts';

interface PromptFieldProps {
  readonly value: string;
  readonly className: string;
  readonly onChange: (value: string) => void;
}

/** Grows with its text up to some lines. Enter sends the form that it is in, Shift and Enter begins a new line. */
export function PromptField({ value, className, onChange }: PromptFieldProps) {
  const words = useWords().generate;
  return (
    <textarea
      aria-label={words.prompt}
      placeholder={words.promptHint}
      rows={1}
      className={`field-sizing-content max-h-28 min-h-9 resize-none rounded-lg border border-edge bg-field px-3 py-1.5 text-sm leading-6 hover:border-muted ${className}`}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        event.currentTarget.form?.requestSubmit();
      }}
    />
  );
}
