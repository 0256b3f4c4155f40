/**
 * Keeps how the tools are set, so that the next start has them in hand as they were.
 */
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { toolSettings, toolStore } from '../stores/tool-store.ts';

/** After a change, in milliseconds: a slider that is dragged changes often. */
const KEEP_MS = 500;

/** From when the settings are there, as long as the window lives. */
export function keepTools(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = settingsStore.subscribe(({ loaded, tools }) => {
    if (!loaded) return;
    stop();
    toolStore.setState(tools);
    toolStore.subscribe((state, before) => {
      const { tool, ...now } = state;
      const names = Object.keys(now) as (keyof typeof now)[];
      if (names.every((name) => now[name] === before[name])) return;
      clearTimeout(timer);
      timer = setTimeout(() => changeSettings({ tools: toolSettings() }), KEEP_MS);
    });
  });
}
