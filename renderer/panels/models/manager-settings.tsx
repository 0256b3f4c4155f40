/**
 * Where models lie and what they may take; order in the models folder.
 */
import { X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelsApi, Orphan, TokenState, VerifiedFile } from '../../../app/contracts/models-api.ts';
import { doWork, managerStore, refresh, reportProblem } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { host } from '../../transport/host.ts';
import { IconButton, TextButton } from '../../widgets/button.tsx';
import { Slider } from '../../widgets/field.tsx';
import { bytesText, numberText } from './format.ts';
import { Section } from './section.tsx';
import { TextForm } from './text-form.tsx';

const GIGABYTE = 1e9;
const MAX_GIGABYTES = 128;

type UsedSettings = ModelsApi['modelSettings']['result'];

export function ManagerSettings() {
  const [settings, setSettings] = useState<UsedSettings>();
  const load = useCallback(() => {
    host('modelSettings', []).then(setSettings, reportProblem);
  }, []);
  useEffect(load, [load]);
  if (!settings) return <div />;
  const reload = () => {
    load();
    refresh();
  };
  return (
    <div className="flex flex-col gap-4">
      <Folder settings={settings} onChanged={reload} />
      <SharedFolders settings={settings} onChanged={reload} />
      <Budget settings={settings} onChanged={reload} />
      <Token />
      <Leftovers />
      <VerifyAll />
    </div>
  );
}

interface PartProps {
  readonly settings: UsedSettings;
  readonly onChanged: () => void;
}

function Folder({ settings, onChanged }: PartProps) {
  const words = useWords().models;
  const move = async (folder: string) => {
    if (await doWork((onEvent) => host('moveModels', [folder], { onEvent }))) onChanged();
  };
  return (
    <Section title={words.folder}>
      <p className="select-text break-all">{settings.usedFolder}</p>
      <TextForm
        label={words.move}
        placeholder={words.moveHint}
        go={words.moveGo}
        onSubmit={(text) => void move(text)}
      />
    </Section>
  );
}

function SharedFolders({ settings, onChanged }: PartProps) {
  const words = useWords().models;
  const change = (shared: readonly string[]) =>
    host('changeModelSettings', [{ shared }]).then(onChanged, reportProblem);
  return (
    <Section title={words.sharedFolders} hint={words.sharedHint}>
      <ul>
        {settings.shared.map((folder) => (
          <li key={folder} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 break-all">{folder}</span>
            <IconButton
              small
              icon={X}
              label={words.removeFolder(folder)}
              onClick={() => void change(settings.shared.filter((other) => other !== folder))}
            />
          </li>
        ))}
      </ul>
      <TextForm
        label={words.sharedFolders}
        placeholder={words.path}
        go={words.addFolder}
        onSubmit={(folder) => void change([...settings.shared, folder])}
      />
    </Section>
  );
}

function Budget({ settings, onChanged }: PartProps) {
  const words = useWords().models;
  const [gigabytes, setGigabytes] = useState(settings.usedBudget / GIGABYTE);
  const save = (memoryBudget: number | null) =>
    host('changeModelSettings', [{ memoryBudget }]).then(onChanged, reportProblem);
  const shown = words.gigabytes(numberText(gigabytes, 1, words));
  useEffect(() => setGigabytes(settings.usedBudget / GIGABYTE), [settings.usedBudget]);
  return (
    <Section title={words.budget} hint={settings.memoryBudget === null ? words.budgetAuto : ''}>
      <Slider
        className="w-72"
        label={words.upTo}
        value={gigabytes}
        min={0.5}
        max={MAX_GIGABYTES}
        step={0.5}
        shown={shown}
        onChange={setGigabytes}
        onDone={() => void save(Math.round(gigabytes * GIGABYTE))}
        onReset={settings.memoryBudget === null ? undefined : () => void save(null)}
      />
    </Section>
  );
}

function Token() {
  const words = useWords().models;
  const [{ place }, setState] = useState<TokenState>({ place: null });
  useEffect(() => {
    host('hubToken', []).then(setState, reportProblem);
  }, []);
  const keep = (token: string | null) => host('setHubToken', [token]).then(setState, reportProblem);
  return (
    <Section title={words.token} hint={words.tokenHint}>
      {place === null ? (
        <TextForm
          secret
          label={words.token}
          placeholder="hf_…"
          go={words.tokenKeep}
          onSubmit={(token) => void keep(token)}
        />
      ) : (
        <div className="flex items-center gap-2">
          <p className="flex-1">{words.tokenPlaces[place]}</p>
          <TextButton onClick={() => void keep(null)}>{words.tokenForget}</TextButton>
        </div>
      )}
    </Section>
  );
}

function Leftovers() {
  const words = useWords().models;
  const [orphans, setOrphans] = useState<readonly Orphan[]>();
  const find = () => host('orphans', []).then(setOrphans, reportProblem);
  const remove = (paths: readonly string[]) => host('removeOrphans', [paths]).then(find, reportProblem);
  const size = orphans?.reduce((sum, orphan) => sum + orphan.size, 0) ?? 0;
  return (
    <Section title={words.orphans} hint={words.orphansHint}>
      <ul>
        {orphans?.map(({ path, kind, size: bytes }) => (
          <li key={path} className="break-all">
            {words.orphanKinds[kind]}, {bytesText(bytes, words)}: {path}
          </li>
        ))}
      </ul>
      {orphans?.length === 0 && <p role="status">{words.orphansNone}</p>}
      <div className="flex gap-2">
        <TextButton onClick={() => void find()}>{words.orphansFind}</TextButton>
        {orphans && orphans.length > 0 && (
          <TextButton kind="danger" onClick={() => void remove(orphans.map(({ path }) => path))}>
            {words.orphansRemove(orphans.length, bytesText(size, words))}
          </TextButton>
        )}
      </div>
    </Section>
  );
}

function VerifyAll() {
  const words = useWords().models;
  const work = useStore(managerStore, (state) => state.work);
  const [results, setResults] = useState<readonly VerifiedFile[]>([]);
  const verify = async () => {
    const found = await doWork((onEvent) => host('verifyModels', [null], { onEvent }));
    if (found) setResults(found);
  };
  return (
    <Section title={words.verifyAll}>
      <ul>
        {results.map(({ path, model, result }) => (
          <li
            key={`${model} ${path}`}
            className={`break-all ${result === 'damaged' || result === 'missing' ? 'text-danger' : ''}`}
          >
            {path}: {words.results[result]}
          </li>
        ))}
      </ul>
      <TextButton className="self-start" disabled={work !== null} onClick={() => void verify()}>
        {words.verify}
      </TextButton>
    </Section>
  );
}
