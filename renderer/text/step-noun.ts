/**
 * What the steps of pictures are called.
 */
import { useStore } from 'zustand';
import { modelStore } from '../stores/model-store.ts';
import type { StepNoun } from './en-steps.ts';
import { useWords } from './words.ts';

/** Of a model's pictures, or of an area's. */
export function useStepNoun(model: string | null, isArea = false): StepNoun {
  const { nouns } = useWords().steps;
  const kind = useStore(modelStore, ({ descriptions }) => (model === null ? undefined : descriptions[model]?.stepKind));
  return isArea ? nouns.tile : nouns[kind ?? 'scale'];
}
