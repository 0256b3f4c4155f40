/**
 * Main's end of a message channel to a page, as a `Port`.
 */
import type { MessagePortMain } from 'electron/main';
import { disposable } from '../../app/base/disposable.ts';
import { Emitter } from '../../app/base/events.ts';
import type { Port } from '../../app/contracts/port.ts';

/** Messages wait until the first listener is there. */
export function messagePortMainPort(port: MessagePortMain): Port {
  const closed = new Emitter<void>();
  let open = true;
  const end = () => {
    if (!open) return;
    open = false;
    queueMicrotask(() => closed.fire());
  };
  port.on('close', end);
  return {
    post(message) {
      if (open) port.postMessage(message);
    },
    onMessage(listener) {
      const hear = ({ data }: { readonly data: unknown }) => listener(data);
      port.on('message', hear);
      port.start();
      return disposable(() => port.off('message', hear));
    },
    onClose(listener) {
      if (open) return closed.on(listener);
      const soon = setImmediate(listener);
      return disposable(() => clearImmediate(soon));
    },
    close() {
      if (open) port.close();
      end();
    },
  };
}
