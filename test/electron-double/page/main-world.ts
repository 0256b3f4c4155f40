/**
 * Runs in the page's own world before its scripts, and puts there what the preload script exposes.
 */
import { WorldLink } from './world-link.ts';

const link = new WorldLink('electron-double-main', 'electron-double-isolated');

link.on('expose', (exposed) => {
  const [name, api] = exposed as [string, unknown];
  if (Object.hasOwn(window, name)) return;
  Object.defineProperty(window, name, { value: deepFreeze(api), enumerable: true });
});
link.send('ready', null);

/** Chromium would open the window before main could be asked, so nothing is opened here. */
window.open = (url = 'about:blank') => {
  link.send('window-open', new URL(url, document.baseURI).href);
  return null;
};

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
