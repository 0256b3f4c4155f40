/**
 * All about one model, and what can be done with it.
 */
import { ArrowLeft } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelChange, ModelDetails, VerifiedFile } from '../../../app/contracts/models-api.ts';
import { doWork, managerStore, refresh, reportProblem } from '../../stores/manager-store.ts';
import { chooseModel, loadModels, modelStore } from '../../stores/model-store.ts';
import { useWords } from '../../text/words.ts';
import { host } from '../../transport/host.ts';
import { TextButton } from '../../widgets/button.tsx';
import { DefaultSettings } from './default-settings.tsx';
import { bytesText } from './format.ts';
import { ModelThumbnail } from './model-thumbnail.tsx';
import { OptimiseSection } from './optimise-section.tsx';
import { Section } from './section.tsx';

const showList = () => managerStore.setState({ shown: null });

export function ModelDetailsView({ id }: { readonly id: string }) {
  const words = useWords().models;
  const { details, reload } = useDetails(id);
  const change = (changes: ModelChange) =>
    host('changeModel', [id, changes])
      .then(() => {
        reload();
        refresh();
        if (modelStore.getState().model === id) return chooseModel(id);
      })
      .catch(reportProblem);
  return (
    <div className="flex flex-col gap-4">
      <TextButton className="self-start" onClick={showList}>
        <ArrowLeft size={14} aria-hidden="true" />
        {words.back}
      </TextButton>
      {details && (
        <>
          <Head details={details} onRename={(name) => void change({ name })} />
          <DefaultSettings details={details} onChange={(defaults) => void change({ defaults })} />
          <OptimiseSection
            details={details}
            onUse={(precision) => void change({ precision })}
            onDone={() => {
              reload();
              loadModels().catch(reportProblem);
            }}
          />
          <Files details={details} />
          {!details.builtIn && !details.shared && <Remove id={id} />}
        </>
      )}
    </div>
  );
}

function useDetails(id: string): { details: ModelDetails | undefined; reload: () => void } {
  const [details, setDetails] = useState<ModelDetails>();
  const reload = useCallback(() => {
    host('modelDetails', [id]).then(setDetails, reportProblem);
  }, [id]);
  useEffect(reload, [reload]);
  return { details, reload };
}

function Head({ details, onRename }: { readonly details: ModelDetails; readonly onRename: (name: string) => void }) {
  const words = useWords().models;
  const { id, name, title, family, builtIn, shared, license, licenseUrl } = details;
  const foreign = builtIn || shared;
  return (
    <div className="flex gap-3">
      <ModelThumbnail large id={id} name={name} />
      <div className="min-w-0 flex-1">
        {foreign ? (
          <h3 className="font-semibold text-sm">{name}</h3>
        ) : (
          <input
            key={name}
            aria-label={words.rename}
            className="h-8 w-full rounded-md border border-edge bg-field px-2 hover:border-muted font-semibold"
            defaultValue={name}
            onBlur={({ target }) => target.value !== name && target.value !== '' && onRename(target.value)}
          />
        )}
        <p className="mt-1">
          {title} · {family}
        </p>
        <p className="text-muted">
          {words.license}: {license ?? words.noLicense}{' '}
          {licenseUrl && (
            <a className="text-accent underline" href={licenseUrl} target="_blank" rel="noreferrer">
              {words.readLicense(name)}
            </a>
          )}
        </p>
        {foreign && <p className="text-muted">{builtIn ? words.builtIn : words.shared}</p>}
      </div>
    </div>
  );
}

function Files({ details }: { readonly details: ModelDetails }) {
  const words = useWords().models;
  const work = useStore(managerStore, (state) => state.work);
  const [results, setResults] = useState<readonly VerifiedFile[]>([]);
  const verify = async () => {
    const found = await doWork((onEvent) => host('verifyModels', [details.id], { onEvent }));
    if (found) setResults(found);
  };
  return (
    <Section title={words.files}>
      <ul className="flex flex-col gap-1.5">
        {details.files.map(({ path, size, own, sha256, sharedWith, role }) => {
          const result = results.find((file) => file.path === path)?.result;
          const facts = [
            words.role[role as keyof typeof words.role],
            bytesText(size, words),
            own || details.builtIn ? '' : words.ownFile,
            sharedWith.length > 0 ? words.sharedFile(sharedWith.join(', ')) : '',
            sha256 ? words.hashKnown : '',
          ];
          return (
            <li key={path}>
              <p className="select-text break-all">{path}</p>
              <p className="text-muted">{facts.filter(Boolean).join(' · ')}</p>
              {result && (
                <p role="status" className={result === 'damaged' || result === 'missing' ? 'text-danger' : ''}>
                  {words.results[result]}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <TextButton className="self-start" disabled={work !== null} onClick={() => void verify()}>
        {words.verify}
      </TextButton>
    </Section>
  );
}

function Remove({ id }: { readonly id: string }) {
  const words = useWords().models;
  const [sure, setSure] = useState(false);
  const remove = () =>
    host('removeModel', [id]).then(() => {
      if (modelStore.getState().model === id) modelStore.setState({ model: null });
      showList();
      refresh();
    }, reportProblem);
  return (
    <div className="flex gap-2 border-line border-t pt-3">
      {sure ? (
        <>
          <TextButton kind="danger" onClick={() => void remove()}>
            {words.removeSure}
          </TextButton>
          <TextButton onClick={() => setSure(false)}>{words.keep}</TextButton>
        </>
      ) : (
        <TextButton kind="danger" onClick={() => setSure(true)}>
          {words.remove}
        </TextButton>
      )}
    </div>
  );
}
