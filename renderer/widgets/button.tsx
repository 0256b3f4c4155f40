/**
 * Buttons. An icon button says what it does to screen readers and in its tooltip.
 */
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Common = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'title' | 'aria-label'>;

interface IconButtonProps extends Common {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Keys, as they are shown. */
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly small?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  pressed,
  small = false,
  className = '',
  ...rest
}: IconButtonProps) {
  const look = pressed ? 'bg-tint text-accent' : 'hover:bg-raised';
  return (
    <button
      type="button"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={pressed}
      className={`inline-flex shrink-0 items-center justify-center rounded-md transition-colors disabled:pointer-events-none disabled:opacity-40 ${small ? 'size-6' : 'size-8'} ${look} ${className}`}
      {...rest}
    >
      <Icon size={small ? 14 : 17} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

interface TextButtonProps extends Common {
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly title?: string;
  readonly small?: boolean;
  /** Sends the form that it is in. */
  readonly submit?: boolean;
  readonly children: ReactNode;
}

export function TextButton({
  kind = 'plain',
  submit = false,
  small = false,
  className = '',
  ...rest
}: TextButtonProps) {
  const look = {
    plain: 'border border-edge bg-field hover:bg-raised',
    primary: 'bg-accent text-on-accent font-semibold hover:brightness-110',
    danger: 'border border-edge bg-field text-danger hover:border-danger',
    quiet: 'text-muted hover:bg-raised hover:text-ink',
  }[kind];
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:pointer-events-none disabled:opacity-40 ${small ? 'h-7 px-2' : 'h-8 px-3'} ${look} ${className}`}
      {...rest}
    />
  );
}

interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly help?: string;
  readonly icon?: LucideIcon;
  readonly onChange: (on: boolean) => void;
}

/** A word that is on or off. */
export function Toggle({ label, on, help, icon: Icon, onChange }: ToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      title={help ?? label}
      className={`inline-flex h-7 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md border px-2 transition-colors ${on ? 'border-transparent bg-tint text-accent' : 'border-edge bg-field text-muted hover:text-ink'}`}
      onClick={() => onChange(!on)}
    >
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden="true" />}
      {label}
    </button>
  );
}
