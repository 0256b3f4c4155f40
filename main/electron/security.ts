/**
 * What pages may not do, whatever runs in them: get permissions, reach the network, navigate, open windows.
 */
import { shell } from 'electron/common';
import type { Session, WebContents } from 'electron/main';
import { isAppPage } from './app-protocol.ts';

/** Protocols that a page may load from. `devtools:` is the developer tools' own page. */
const LOADABLE = new Set(['underpaint:', 'blob:', 'data:', 'devtools:']);
/** Protocols of links that are given to the person's browser. */
const EXTERNAL = new Set(['https:']);

export function secureSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !hasProtocol(url, LOADABLE) }));
}

/** To be called for every page as soon as it is created. */
export function secureContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (isAppPage(event.url)) return;
    event.preventDefault();
    openExternal(event.url);
  });
  contents.on('will-redirect', (event) => {
    if (!isAppPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}

/** Other links, among them such that start programs, are dropped. */
function openExternal(url: string): void {
  if (!hasProtocol(url, EXTERNAL)) return;
  shell.openExternal(url).catch((error: unknown) => console.error(`${url} could not be opened:`, error));
}

function hasProtocol(url: string, protocols: ReadonlySet<string>): boolean {
  return URL.canParse(url) && protocols.has(new URL(url).protocol);
}
