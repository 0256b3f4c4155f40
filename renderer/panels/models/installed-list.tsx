/**
 * The models of this machine.
 */
import { useStore } from 'zustand';
import type { ModelSummary } from '../../../app/contracts/studio-api.ts';
import { managerStore, reportProblem } from '../../stores/manager-store.ts';
import { chooseModel, modelStore } from '../../stores/model-store.ts';
import { useWords } from '../../text/words.ts';
import { TextButton } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/field.tsx';
import { bytesText } from './format.ts';
import { ModelThumbnail } from './model-thumbnail.tsx';

export function InstalledList() {
  const words = useWords().models;
  const { models, model } = useStore(modelStore);
  return (
    <>
      <ul aria-label={words.tabs.installed} className="flex flex-col gap-2">
        {models.map((entry) => (
          <InstalledRow key={entry.id} entry={entry} inUse={entry.id === model} />
        ))}
      </ul>
      {models.every(({ builtIn }) => builtIn) && <EmptyState>{words.none}</EmptyState>}
    </>
  );
}

function InstalledRow({ entry, inUse }: { readonly entry: ModelSummary; readonly inUse: boolean }) {
  const words = useWords().models;
  const { id, name, license, builtIn, size, precision, problem } = entry;
  const shown = name || id;
  const weights = precision === 'fp32' ? '' : (words.precision[precision] ?? precision);
  const origin = builtIn ? words.builtIn : '';
  const facts = [bytesText(size, words), weights, license ?? words.noLicense, origin].filter(Boolean);
  return (
    <li className="flex items-center gap-3 rounded-lg border border-line bg-raised p-2">
      <ModelThumbnail id={id} name={shown} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{shown}</p>
        {problem ? (
          <p className="text-danger">{problem}</p>
        ) : (
          <p className="truncate text-muted">{facts.join(' · ')}</p>
        )}
      </div>
      {inUse && <span className="px-2 text-accent">{words.inUse}</span>}
      {!inUse && problem === null && (
        <TextButton aria-label={`${words.use}: ${shown}`} onClick={() => chooseModel(id).catch(reportProblem)}>
          {words.use}
        </TextButton>
      )}
      <TextButton aria-label={`${words.details}: ${shown}`} onClick={() => managerStore.setState({ shown: id })}>
        {words.details}
      </TextButton>
    </li>
  );
}
