/**
 * What a licence asks of a person before a model is fetched.
 */
import type { LicenseKind } from '../../../app/catalog/published-model.ts';
import { useWords } from '../../text/words.ts';

interface ConsentProps {
  /** What it is about. */
  readonly name: string;
  readonly kind: LicenseKind | 'unknown';
  readonly accepted: boolean;
  readonly onChange: (accepted: boolean) => void;
}

export function Consent({ name, kind, accepted, onChange }: ConsentProps) {
  const { consent: words, license } = useWords().models;
  return (
    <fieldset className="mt-2 rounded-md border border-accent p-2">
      <legend className="sr-only">
        {license}: {name}
      </legend>
      <p>{words[kind]}</p>
      <label className="mt-1 flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0 accent-accent"
          checked={accepted}
          onChange={({ target }) => onChange(target.checked)}
        />
        {words.accept}
      </label>
    </fieldset>
  );
}
