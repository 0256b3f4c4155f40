/**
 * How much of something is done.
 */
interface BarProps {
  readonly label: string;
  /** 0 … 1; undefined when nobody knows. */
  readonly share: number | undefined;
}

export function Bar({ label, share }: BarProps) {
  const percent = share === undefined ? undefined : Math.round(Math.max(0, Math.min(1, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="mt-1.5 h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent ${percent === undefined ? 'w-full animate-pulse motion-reduce:animate-none' : ''}`}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
