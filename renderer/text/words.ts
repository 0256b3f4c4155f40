/**
 * The words in the person's language.
 */
import { useStore } from 'zustand';
import { settingsStore } from '../stores/settings-store.ts';
import { de } from './de.ts';
import { en, type Words } from './en.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en, de };

export function words(): Words {
  return LANGUAGES[settingsStore.getState().language] ?? en;
}

/** What a step of the history did. */
export function editWords(label: string): string {
  const edits: Readonly<Record<string, string>> = words().edits;
  return edits[label.replace(/^edit\./, '')] ?? '';
}

/** As `words`, for components: they are painted again when the language changes. */
export function useWords(): Words {
  return LANGUAGES[useStore(settingsStore, ({ language }) => language)] ?? en;
}
