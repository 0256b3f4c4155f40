/**
 * Fields for numbers, texts and choices.
 */
import { type LucideIcon, RotateCcw } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import { settingsStore } from '../stores/settings-store.ts';
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
  readonly className?: string;
  readonly onChange: (value: number) => void;
  /** The pointer was lifted, or the key. */
  readonly onDone?: (() => void) | undefined;
  readonly onReset?: (() => void) | undefined;
}

/** A bar with its name and value in it, filled as far as the value goes. */
export function Slider(props: SliderProps) {
  const { label, value, min, max, step = 1, help, shown, className = 'w-32', onChange, onDone, onReset } = props;
  const id = useId();
  const words = useWords();
  const language = useStore(settingsStore, (settings) => settings.language);
  const share = max > min ? (value - min) / (max - min) : 0;
  return (
    <div className={`flex min-w-0 items-center gap-1 ${className}`} title={help}>
      <div className="relative flex h-7 min-w-0 flex-1 items-center gap-2 overflow-hidden rounded-md border border-edge bg-field px-2 focus-within:outline-2 focus-within:outline-accent focus-within:outline-offset-1 hover:border-muted">
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 left-0 border-accent/50 border-r bg-tint"
          style={{ width: `${share * 100}%` }}
        />
        <label htmlFor={id} className="relative min-w-0 flex-1 truncate">
          {label}
        </label>
        <output htmlFor={id} className="relative shrink-0 whitespace-nowrap tabular-nums">
          {shown ?? value.toLocaleString(language, { useGrouping: false })}
        </output>
        <input
          id={id}
          type="range"
          className="absolute inset-0 size-full cursor-ew-resize opacity-0"
          {...{ value, min, max, step }}
          aria-valuetext={shown}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          onPointerUp={onDone}
          onKeyUp={onDone}
        />
      </div>
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
        className="h-7 min-w-0 flex-1 rounded-md border border-edge bg-field px-1.5 text-ink hover:border-muted"
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

/** Whole numbers. What is typed counts as soon as it lies in the range, and is brought into it when the field is left. */
export function NumberField({ label, value, min, max, hideLabel, className = 'w-20', onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const type = (input: HTMLInputElement) => {
    setTyped(input.value);
    const next = Math.round(input.valueAsNumber);
    if (next >= min && next <= max) onChange(next);
  };
  const leave = ({ valueAsNumber }: HTMLInputElement) => {
    const next = Number.isFinite(valueAsNumber) ? Math.max(min, Math.min(max, Math.round(valueAsNumber))) : value;
    setTyped(String(next));
    if (next !== value) onChange(next);
  };
  return (
    <label className="inline-flex items-center gap-2">
      <span className={hideLabel ? 'sr-only' : 'text-muted'}>{label}</span>
      <input
        type="number"
        className={`h-7 rounded-md border border-edge bg-field px-1.5 tabular-nums hover:border-muted ${className}`}
        {...{ min, max }}
        value={typed}
        onChange={({ target }) => type(target)}
        onBlur={({ target }) => leave(target)}
      />
    </label>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly hideLabel?: boolean;
  readonly suggestions?: readonly string[];
  readonly onChange: (value: string) => void;
  /** The field was left, or Enter was pressed. */
  readonly onDone?: () => void;
}

export function TextField({ label, value, placeholder, hideLabel, suggestions, onChange, onDone }: TextFieldProps) {
  const id = useId();
  return (
    <label className="flex min-w-0 items-center gap-2">
      <span className={hideLabel ? 'sr-only' : 'shrink-0 text-muted'}>{label}</span>
      <input
        className="h-7 min-w-0 flex-1 rounded-md border border-edge bg-field px-2 hover:border-muted"
        list={suggestions && id}
        {...{ value, placeholder }}
        onChange={({ target }) => onChange(target.value)}
        onBlur={onDone}
        onKeyDown={({ key }) => key === 'Enter' && onDone?.()}
      />
      {suggestions && (
        <datalist id={id}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </label>
  );
}

/** What is to be here, and how it gets here. */
export function EmptyState({ icon: Icon, children }: { readonly icon?: LucideIcon; readonly children: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-64 flex-col items-center gap-3 px-4 py-10 text-center text-muted">
      {Icon && (
        <span className="flex size-12 items-center justify-center rounded-full bg-raised">
          <Icon size={22} strokeWidth={1.5} aria-hidden="true" />
        </span>
      )}
      <p className="text-balance">{children}</p>
    </div>
  );
}
