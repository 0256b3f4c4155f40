/**
 * Many pictures from a plan: which ones, where to, and how far they are.
 */
import { FolderOpen, Gauge, Play, Save } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { bytesInWords, timeInWords } from '../../../app/base/quantities.ts';
import { METADATA_PLACES, PICTURE_FORMATS } from '../../../app/batch/batch-options.ts';
import { download } from '../../actions/download.ts';
import { openDialog, uiStore } from '../../stores/ui-store.ts';
import { useWords } from '../../text/words.ts';
import { TextButton } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Checkbox, Select, Slider } from '../../widgets/field.tsx';
import { BatchProgress } from './batch-progress.tsx';
import { batchStore, changeBatch, forecast, openPlan, planText, startBatch } from './batch-store.ts';
import { PlanEditor } from './plan-editor.tsx';

export function BatchDialog() {
  const words = useWords().batch;
  const open = useStore(uiStore, ({ dialog }) => dialog === 'batch');
  const running = useStore(batchStore, ({ state }) => state?.phase === 'running');
  return (
    <Dialog wide title={words.title} open={open} onClose={() => openDialog(null)}>
      <div className="flex flex-col gap-4">
        <BatchProgress />
        {!running && (
          <>
            <Section title={words.plan}>
              <PlanEditor />
              <PlanFiles />
            </Section>
            <Section title={words.files}>
              <OutputFields />
            </Section>
            <Summary />
          </>
        )}
      </div>
    </Dialog>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function PlanFiles() {
  const words = useWords().batch;
  const save = async () => {
    const text = await planText();
    if (text !== undefined) download(new TextEncoder().encode(text), 'plan.yaml', 'application/yaml');
  };
  return (
    <div className="flex gap-2">
      <TextButton onClick={choosePlan}>
        <FolderOpen size={14} aria-hidden="true" />
        {words.openPlan}
      </TextButton>
      <TextButton onClick={() => void save()}>
        <Save size={14} aria-hidden="true" />
        {words.savePlan}
      </TextButton>
    </div>
  );
}

function choosePlan(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.yaml,.yml,.jsonl,.ndjson,.json,.csv';
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (file) await openPlan(file.name, await file.text());
  });
  input.click();
}

function OutputFields() {
  const words = useWords().batch;
  const { output, out, sheet, acceptChanges } = useStore(batchStore);
  const change = (next: Partial<typeof output>) => changeBatch({ output: { ...output, ...next } });
  return (
    <>
      <TextField label={words.folder} value={out} onChange={(next) => changeBatch({ out: next })} />
      <TextField label={words.name} value={output.name} onChange={(name) => change({ name })} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Select
          label={words.format}
          value={output.format}
          options={PICTURE_FORMATS.map((id) => [id, id.toUpperCase()] as const)}
          onChange={(format) => change({ format })}
        />
        {output.format !== 'png' && output.format !== 'tiff' && (
          <Slider
            label={words.quality}
            value={output.quality}
            min={1}
            max={100}
            onChange={(quality) => change({ quality })}
          />
        )}
        <Select
          label={words.metadata}
          value={output.metadata}
          options={METADATA_PLACES.map((id) => [id, words.metadataPlaces[id]] as const)}
          onChange={(metadata) => change({ metadata })}
        />
        <Checkbox label={words.sheet} checked={sheet} onChange={(next) => changeBatch({ sheet: next })} />
      </div>
      <Checkbox
        label={words.acceptChanges}
        checked={acceptChanges}
        onChange={(next) => changeBatch({ acceptChanges: next })}
      />
    </>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TextField({ label, value, onChange }: TextFieldProps) {
  return (
    <label className="flex items-center gap-2">
      <span className="w-36 shrink-0 text-muted">{label}</span>
      <input
        className="h-7 min-w-0 flex-1 rounded-md border border-line bg-raised px-1.5"
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** What the plan makes, or why it cannot be painted, and the button that starts it. */
function Summary() {
  const words = useWords().batch;
  const { count, problem, forecast: measured } = useStore(batchStore);
  return (
    <div className="flex flex-col gap-2 border-line border-t pt-3">
      {problem && (
        <p role="alert" className="text-danger">
          {problem.message} {problem.hint}
        </p>
      )}
      {!problem && (
        <p role="status">
          {count ? words.count(count.count, count.done) : words.counting}{' '}
          <span className="text-muted">{count?.names.join(', ')}</span>
        </p>
      )}
      {measured === 'measuring' && <p className="text-muted">{words.measuring}</p>}
      {measured !== null && measured !== 'measuring' && (
        <p>
          {words.forecast(timeInWords(measured.ms), bytesInWords(measured.bytes))}{' '}
          {measured.freeBytes !== null && words.free(bytesInWords(measured.freeBytes))}
        </p>
      )}
      <div className="flex gap-2">
        <TextButton kind="primary" disabled={count === null} onClick={() => void startBatch()}>
          <Play size={14} aria-hidden="true" />
          {words.start}
        </TextButton>
        <TextButton disabled={count === null || measured === 'measuring'} onClick={() => void forecast()}>
          <Gauge size={14} aria-hidden="true" />
          {words.estimate}
        </TextButton>
      </div>
    </div>
  );
}
