/**
 * A port over the MessagePort that the desktop shell hands to its page.
 */
import { disposable } from '../../app/base/disposable.ts';
import type { Port } from '../../app/contracts/port.ts';
import { PORT_MESSAGE } from '../../app/contracts/shell-api.ts';

/** Resolves when the shell has sent the port; it comes once for each load of the page. */
export function receiveMessagePort(): Promise<Port> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const [channel] = event.ports;
      if (event.source !== window || event.data?.type !== PORT_MESSAGE || !channel) return;
      window.removeEventListener('message', receive);
      resolve(messagePort(channel));
    };
    window.addEventListener('message', receive);
  });
}

function messagePort(channel: MessagePort): Port {
  channel.start();
  return {
    post: (message) => channel.postMessage(message),
    onMessage(listener) {
      const receive = ({ data }: MessageEvent) => listener(data);
      channel.addEventListener('message', receive);
      return disposable(() => channel.removeEventListener('message', receive));
    },
    onClose(listener) {
      channel.addEventListener('close', listener, { once: true });
      return disposable(() => channel.removeEventListener('close', listener));
    },
    close: () => channel.close(),
  };
}
