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
  const look = pressed ? 'bg-accent text-on-accent' : 'text-ink hover:bg-raised';
  return (
    <button
      type="button"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={pressed}
      className={`inline-flex shrink-0 items-center justify-center rounded-md disabled:opacity-40 ${small ? 'size-6' : 'size-8'} ${look} ${className}`}
      {...rest}
    >
      <Icon size={small ? 14 : 17} aria-hidden="true" />
    </button>
  );
}

interface TextButtonProps extends Common {
  readonly kind?: 'plain' | 'primary' | 'danger';
  readonly title?: string;
  /** Sends the form that it is in. */
  readonly submit?: boolean;
  readonly children: ReactNode;
}

export function TextButton({ kind = 'plain', submit = false, className = '', ...rest }: TextButtonProps) {
  const look = {
    plain: 'bg-raised text-ink border border-line hover:border-muted',
    primary: 'bg-accent text-on-accent font-semibold hover:brightness-110',
    danger: 'border border-line text-danger hover:border-danger',
  }[kind];
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className={`inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-3 disabled:opacity-40 ${look} ${className}`}
      {...rest}
    />
  );
}
