/**
 * Checkpoints that are on this machine already.
 */
import { FileBox } from 'lucide-react';
import { type DragEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { InspectedFile, Inspection } from '../../../app/contracts/models-api.ts';
import { chooseModelFiles, dropModelFiles } from '../../actions/model-files.ts';
import { addInspected, inspect, install, managerStore } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { shell } from '../../transport/host.ts';
import { TextButton } from '../../widgets/button.tsx';
import { bytesText, timeText } from './format.ts';

export function AddFiles() {
  const { inspection, imported } = useStore(managerStore);
  return (
    <div className="flex flex-col gap-3">
      <DropZone />
      <PathField />
      {inspection && <Found inspection={inspection} />}
      {imported && <Added />}
    </div>
  );
}

function DropZone() {
  const words = useWords().models;
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void dropModelFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons and the field are the first
    <div
      className={`flex flex-col items-center gap-2 rounded-lg border-2 border-dashed p-5 text-center ${over ? 'border-accent' : 'border-line'}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileBox size={26} aria-hidden="true" className="text-muted" />
      <p className="font-medium">{words.drop}</p>
      <p className="text-muted">{shell ? words.dropHint : words.dropInBrowser}</p>
      {shell && (
        <div className="flex gap-2">
          <TextButton onClick={() => void chooseModelFiles('model')}>{words.choose}</TextButton>
          <TextButton onClick={() => void chooseModelFiles('folder')}>{words.chooseFolder}</TextButton>
        </div>
      )}
    </div>
  );
}

function PathField() {
  const words = useWords().models;
  const [path, setPath] = useState('');
  const look = () => void inspect([path.trim()]);
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <input
        aria-label={words.path}
        placeholder={words.path}
        className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-field px-2 hover:border-muted"
        value={path}
        onChange={({ target }) => setPath(target.value)}
      />
      <TextButton disabled={path.trim() === ''} onClick={look}>
        {words.look}
      </TextButton>
    </form>
  );
}

function Found({ inspection }: { readonly inspection: Inspection }) {
  const words = useWords().models;
  const { files, complete, title, missing, license, id: suggested } = inspection;
  const isKnown = files.some(({ known }) => known);
  const companions = complete.filter((path) => !files.some(({ file }) => file === path)).map(nameOf);
  return (
    <section aria-label={words.found} className="flex flex-col gap-2">
      <h3 className="font-semibold">{words.found}</h3>
      <ul className="flex flex-col gap-1.5">
        {files.map((file) => (
          <FoundFile key={file.file} file={file} />
        ))}
      </ul>
      {!isKnown && <p className="text-danger">{words.nothingKnown}</p>}
      {missing && (
        <div role="alert" className="rounded-md border border-accent p-2">
          <p className="font-medium">{words.missing}</p>
          <p>{missing.what}</p>
        </div>
      )}
      {missing?.file && <MissingButton inspection={inspection} file={missing.file} size={missing.size} />}
      {complete.length > 0 && (
        <>
          <p>
            {words.together(title ?? '')}
            {companions.length > 0 && ` · ${words.withHere(companions.join(', '))}`}
            {license && ` · ${words.license}: ${license.id ?? words.noLicense}`}
          </p>
          <AddForm suggested={suggested ?? ''} />
        </>
      )}
    </section>
  );
}

function FoundFile({ file }: { readonly file: InspectedFile }) {
  const words = useWords().models;
  return (
    <li className="rounded-md border border-line bg-raised p-2">
      <p className="truncate font-medium" title={file.file}>
        {nameOf(file.file)} · {bytesText(file.size, words)}
      </p>
      {file.known ? (
        <p className="text-muted">
          {words.role[file.role as keyof typeof words.role] ?? file.role}: {file.title} · {file.precision}
        </p>
      ) : (
        <p className="text-danger">
          {file.reason} {file.hint}
        </p>
      )}
    </li>
  );
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

interface MissingButtonProps {
  readonly inspection: Inspection;
  readonly file: string;
  readonly size: number;
}

/** Downloads what is missing, and makes a model of both. */
function MissingButton({ inspection, file, size }: MissingButtonProps) {
  const words = useWords().models;
  const own = inspection.files.filter(({ known }) => known).map((found) => found.file);
  const go = () => {
    install({ type: 'completion', files: own, missing: file });
    managerStore.setState({ inspection: null });
  };
  return <TextButton onClick={go}>{words.installMissing(file, bytesText(size, words))}</TextButton>;
}

function AddForm({ suggested }: { readonly suggested: string }) {
  const words = useWords().models;
  const [id, setId] = useState(suggested);
  const work = useStore(managerStore, (state) => state.work);
  useEffect(() => setId(suggested), [suggested]);
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void addInspected(id);
      }}
    >
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <span className="text-muted">{words.name}</span>
        <input
          className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-field px-2 hover:border-muted"
          value={id}
          onChange={({ target }) => setId(target.value)}
        />
      </label>
      <TextButton kind="primary" disabled={id === '' || work !== null} onClick={() => void addInspected(id)}>
        {words.add}
      </TextButton>
    </form>
  );
}

function Added() {
  const words = useWords().models;
  const imported = useStore(managerStore, (state) => state.imported);
  if (!imported) return null;
  const { name, selfTest, problems } = imported;
  return (
    <div role="status" className="rounded-md border border-line bg-raised p-3">
      <p className="font-medium">{words.installed(name)}</p>
      <p>
        {selfTest
          ? words.works(selfTest.step, selfTest.steps, timeText(selfTest.milliseconds / 1000, words))
          : words.doesNotWork}
      </p>
      {problems.map(({ message, hint }) => (
        <p key={message} className="text-danger">
          {message} {hint}
        </p>
      ))}
    </div>
  );
}
