/**
 * Dark or light, and how much may move.
 */
import { settingsStore } from '../stores/settings-store.ts';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  const { theme } = settingsStore.getState();
  return theme === 'system' ? systemDark.matches : theme === 'dark';
}

/** Keeps the page to the settings and the system. `onChange` is told of every change of colours. */
export function followTheme(onChange: () => void): void {
  const apply = () => {
    const { reducedMotion, language, loaded } = settingsStore.getState();
    const root = document.documentElement;
    if (root.classList.contains('dark') !== isDark()) {
      // Colours change at once: half of one theme and half of the other cannot be read.
      root.dataset.theme = 'changing';
      root.classList.toggle('dark', isDark());
      requestAnimationFrame(() => requestAnimationFrame(() => delete root.dataset.theme));
    }
    root.dataset.motion = reducedMotion;
    root.lang = language;
    root.dataset.settings = loaded ? 'loaded' : 'loading';
    onChange();
  };
  settingsStore.subscribe(apply);
  systemDark.addEventListener('change', apply);
  apply();
}
