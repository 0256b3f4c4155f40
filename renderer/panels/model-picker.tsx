/**
 * The model that paints, and with which weights.
 */
import { useStore } from 'zustand';
import type { ModelSummary } from '../../app/contracts/studio-api.ts';
import { chooseModel, modelStore } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { useWords } from '../text/words.ts';
import { Select } from '../widgets/field.tsx';

export function ModelPicker() {
  const words = useWords();
  const { model, models } = useStore(modelStore);
  if (model === null) return null;
  const nameOf = ({ id, name, precision }: ModelSummary) => {
    const weights = precision === 'fp32' ? '' : ` · ${words.models.precision[precision] ?? precision}`;
    return `${name || id}${weights}`;
  };
  const options = models.filter(({ problem }) => problem === null).map((entry) => [entry.id, nameOf(entry)] as const);
  return (
    <Select
      hideLabel
      label={words.generate.model}
      help={words.generate.model}
      className="w-60 max-lg:w-36"
      value={model}
      options={options}
      onChange={(id) => chooseModel(id).catch(reportError)}
    />
  );
}
