/**
 * Connects each load of the studio's page to the studio.
 */
import { MessageChannelMain, type WebContents } from 'electron/main';
import type { Disposable } from '../../app/base/disposable.ts';
import { messagePortMainPort } from './message-port-main-port.ts';
import { PORT_CHANNEL } from './preload/channels.ts';
import type { StudioHost } from './studio-host-port.ts';
import { isTrustedFrame } from './trusted-sender.ts';

/**
 * Gives a port to the page whenever its document has been parsed, and lets go of the last one. What the page sends
 * before the studio is there waits for it.
 */
export function connectPage(contents: WebContents, host: Promise<StudioHost>): void {
  let connection: Disposable | undefined;
  // Whoever opened the studio tells the person why it cannot be had; here a page may never have waited for it.
  host.catch(() => {});
  const disconnect = () => {
    connection?.dispose();
    connection = undefined;
  };
  contents.on('dom-ready', () => {
    disconnect();
    if (isTrustedFrame(contents.mainFrame)) connection = openConnection(contents, host);
  });
  contents.on('render-process-gone', disconnect);
  contents.on('destroyed', disconnect);
}

function openConnection(contents: WebContents, host: Promise<StudioHost>): Disposable {
  const { port1, port2 } = new MessageChannelMain();
  const port = messagePortMainPort(port1);
  let served: Disposable | undefined;
  let wanted = true;
  contents.postMessage(PORT_CHANNEL, null, [port2]);
  host.then(
    (studio) => {
      if (wanted) served = studio.connect(port);
    },
    () => port.close(),
  );
  return {
    dispose() {
      wanted = false;
      served?.dispose();
      port.close();
    },
  };
}
