/**
 * The entries of a plan and their fields.
 */
import { Plus, Trash2, X } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { literalText } from '../../../app/batch/choices.ts';
import { type PlanRow, withAlternative } from '../../../app/batch/plan-rows.ts';
import type { ModelDescription } from '../../../app/generation/request.ts';
import { modelStore } from '../../stores/model-store.ts';
import { useWords } from '../../text/words.ts';
import { IconButton, TextButton } from '../../widgets/button.tsx';
import { Select } from '../../widgets/field.tsx';
import { batchStore, changeBatch } from './batch-store.ts';

const OWN_FIELDS = ['label', 'prompt', 'seed', 'model', 'choose'] as const;
type OwnField = (typeof OWN_FIELDS)[number];

export function PlanEditor() {
  const words = useWords().batch;
  const rows = useStore(batchStore, (state) => state.rows);
  const change = (index: number, entry: readonly PlanRow[]) => changeBatch({ rows: rows.with(index, entry) });
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">{words.help}</p>
      {rows.map((entry, index) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no names of their own
          key={index}
          className="flex flex-col gap-1.5 rounded-lg border border-line p-2.5"
        >
          <legend className="px-1 text-muted">{words.entry(index + 1)}</legend>
          <EntryFields entry={entry} onChange={(next) => change(index, next)} />
          {rows.length > 1 && (
            <TextButton
              kind="danger"
              className="self-start"
              onClick={() => changeBatch({ rows: rows.toSpliced(index, 1) })}
            >
              <Trash2 size={14} aria-hidden="true" />
              {words.removeEntry}
            </TextButton>
          )}
        </fieldset>
      ))}
      <TextButton
        className="self-start"
        onClick={() =>
          changeBatch({
            rows: [
              ...rows,
              [
                { name: 'label', text: '' },
                { name: 'seed', text: '1' },
              ],
            ],
          })
        }
      >
        <Plus size={14} aria-hidden="true" />
        {words.addEntry}
      </TextButton>
    </div>
  );
}

interface EntryProps {
  readonly entry: readonly PlanRow[];
  readonly onChange: (entry: readonly PlanRow[]) => void;
}

function EntryFields({ entry, onChange }: EntryProps) {
  const words = useWords().batch;
  const description = useDescription();
  const title = (name: string) => fieldTitle(name, words.fields, description);
  const own = OWN_FIELDS.filter((name) => name !== 'prompt' || description?.words);
  const known = [...own, ...(description?.settings ?? []).map(({ id }) => id)];
  const free = known.filter((name) => !entry.some((row) => row.name === name));
  return (
    <>
      {entry.map((row, at) => (
        <FieldRow
          key={row.name}
          row={row}
          title={title(row.name)}
          labels={row.name === 'label' ? (description?.labels ?? []) : []}
          onChange={(text) => onChange(entry.with(at, { ...row, text }))}
          onRemove={() => onChange(entry.toSpliced(at, 1))}
        />
      ))}
      {free.length > 0 && (
        <Select
          hideLabel
          className="w-56"
          label={words.addField}
          value=""
          options={[['', words.addField], ...free.map((name) => [name, title(name)] as const)]}
          onChange={(name) => name && onChange([...entry, { name, text: defaultText(name, description) }])}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly row: PlanRow;
  readonly title: string;
  /** Classes that can be added to the text. */
  readonly labels: readonly string[];
  readonly onChange: (text: string) => void;
  readonly onRemove: () => void;
}

function FieldRow({ row, title, labels, onChange, onRemove }: RowProps) {
  const words = useWords().batch;
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="w-36 shrink-0 truncate text-muted" title={title}>
        {title}
      </label>
      <input
        id={id}
        className="h-7 min-w-0 flex-1 rounded-md border border-line bg-raised px-1.5 font-mono"
        value={row.text}
        placeholder={row.name === 'label' ? '{alpine lake|desert}' : ''}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {labels.length > 0 && (
        <Select
          hideLabel
          className="w-32 shrink-0"
          label={words.addClass}
          value=""
          options={[['', words.addClass], ...labels.map((name) => [name, name] as const)]}
          onChange={(name) => name && onChange(withAlternative(row.text, literalText(name)))}
        />
      )}
      <IconButton small icon={X} label={words.removeField(title)} onClick={onRemove} />
    </div>
  );
}

function useDescription(): ModelDescription | undefined {
  return useStore(modelStore, ({ model, descriptions }) => (model === null ? undefined : descriptions[model]));
}

function fieldTitle(
  name: string,
  own: Readonly<Record<OwnField, string>>,
  description: ModelDescription | undefined,
): string {
  if (name in own) return own[name as OwnField];
  return description?.settings.find(({ id }) => id === name)?.name ?? name;
}

function defaultText(name: string, description: ModelDescription | undefined): string {
  const spec = description?.settings.find(({ id }) => id === name);
  if (spec?.kind === 'switch') return '{true|false}';
  return spec ? String(spec.default) : '';
}
