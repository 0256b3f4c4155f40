/**
 * A part of a model's page.
 */
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function Section({ title, hint, children }: SectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-2 border-line border-t pt-3 first:border-t-0 first:pt-0">
      <h3 className="font-semibold">{title}</h3>
      {hint && <p className="text-muted">{hint}</p>}
      {children}
    </section>
  );
}
