/**
 * Fields for numbers, texts and choices.
 */
import { RotateCcw } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useWords } from '../text/words.ts';
import { IconButton } from './button.tsx';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly help?: string;
  /** As it is read out and shown; the number itself when left out. */
  readonly shown?: string;
  readonly onChange: (value: number) => void;
  /** The pointer was lifted, or the key. */
  readonly onDone?: () => void;
  readonly onReset?: (() => void) | undefined;
}

export function Slider({ label, value, min, max, step = 1, help, shown, onChange, onDone, onReset }: SliderProps) {
  const id = useId();
  const words = useWords();
  return (
    <div className="flex min-w-0 items-center gap-2" title={help}>
      <label htmlFor={id} className="shrink-0 text-muted">
        {label}
      </label>
      <input
        id={id}
        type="range"
        className="w-16 min-w-10 flex-1"
        {...{ value, min, max, step }}
        aria-valuetext={shown}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onPointerUp={onDone}
        onKeyUp={onDone}
      />
      <output htmlFor={id} className="min-w-8 shrink-0 whitespace-nowrap text-right tabular-nums">
        {shown ?? value}
      </output>
      {onReset && <IconButton small icon={RotateCcw} label={`${words.app.reset}: ${label}`} onClick={onReset} />}
    </div>
  );
}

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly help?: string;
  readonly onChange: (checked: boolean) => void;
}

export function Checkbox({ label, checked, help, onChange }: CheckboxProps) {
  return (
    <label className="inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap" title={help}>
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly help?: string;
  readonly onChange: (value: T) => void;
  readonly hideLabel?: boolean;
  readonly className?: string;
}

export function Select<T extends string>({
  label,
  value,
  options,
  help,
  onChange,
  hideLabel,
  className = '',
}: SelectProps<T>) {
  return (
    <label className={`inline-flex min-w-0 items-center gap-2 ${className}`} title={help}>
      <span className={hideLabel ? 'sr-only' : 'shrink-0 text-muted'}>{label}</span>
      <select
        className="h-7 min-w-0 flex-1 rounded-md border border-line bg-raised px-1.5 text-ink"
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly hideLabel?: boolean;
  readonly className?: string;
  readonly onChange: (value: number) => void;
}

/** Whole numbers; what is outside of the range is brought into it. */
export function NumberField({ label, value, min, max, hideLabel, className = 'w-20', onChange }: NumberFieldProps) {
  return (
    <label className="inline-flex items-center gap-2">
      <span className={hideLabel ? 'sr-only' : 'text-muted'}>{label}</span>
      <input
        type="number"
        className={`h-7 rounded-md border border-line bg-raised px-1.5 tabular-nums ${className}`}
        {...{ value, min, max }}
        onChange={({ target }) => {
          const next = Math.round(target.valueAsNumber);
          if (Number.isFinite(next)) onChange(Math.max(min, Math.min(max, next)));
        }}
      />
    </label>
  );
}

export function EmptyState({ children }: { readonly children: ReactNode }) {
  return <p className="px-4 py-8 text-center text-muted">{children}</p>;
}
