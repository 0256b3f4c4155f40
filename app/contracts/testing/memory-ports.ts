/**
 * Two ports in one process that are connected to each other. Messages are cloned and arrive in later microtasks, as
 * they would from another process.
 */
import { disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/events.ts';
import type { Port } from '../port.ts';

export function createMemoryPorts(): [Port, Port] {
  const closed = new Emitter<void>();
  const link = { open: true, closed };
  const left = new Emitter<unknown>();
  const right = new Emitter<unknown>();
  return [memoryPort(link, left, right), memoryPort(link, right, left)];
}

function memoryPort(
  link: { open: boolean; readonly closed: Emitter<void> },
  inbound: Emitter<unknown>,
  outbound: Emitter<unknown>,
): Port {
  return {
    post(message) {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => link.open && outbound.fire(copy));
    },
    onMessage: (listener) => inbound.on(listener),
    onClose(listener) {
      if (link.open) return link.closed.on(listener);
      let wanted = true;
      queueMicrotask(() => wanted && listener());
      return disposable(() => {
        wanted = false;
      });
    },
    close() {
      if (!link.open) return;
      link.open = false;
      queueMicrotask(() => link.closed.fire());
    },
  };
}
