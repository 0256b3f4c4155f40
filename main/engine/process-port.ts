/**
 * Ports over Node's own channel between a process and the child that it forked with `serialization: 'advanced'`.
 */
import type { ChildProcess } from 'node:child_process';
import { disposable } from '../../app/base/disposable.ts';
import type { Port } from '../../app/contracts/port.ts';

/** What `ChildProcess` and a forked child's `process` have in common. */
interface IpcEnd {
  readonly connected: boolean;
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  disconnect(): void;
}

type Send = (message: unknown, done: () => void) => void;

/** The parent's end. It closes when the child disconnects or dies. */
export function childPort(child: ChildProcess): Port {
  return ipcPort(child, (message, done) => child.send(message as object, done));
}

/** The end of the forked child that this process is. Throws when it was not forked. */
export function parentPort(): Port {
  if (!process.send) throw new TypeError('This process was not forked: it has no channel to a parent.');
  return ipcPort(process, (message, done) => process.send?.(message, undefined, undefined, done));
}

function ipcPort(end: IpcEnd, send: Send): Port {
  return {
    post(message) {
      if (!end.connected) return;
      // A failed write means that the other process is gone; `disconnect` tells that.
      send(message, () => {});
    },
    onMessage(listener) {
      end.on('message', listener);
      return disposable(() => end.off('message', listener));
    },
    onClose(listener) {
      if (!end.connected) {
        const soon = setImmediate(listener);
        return disposable(() => clearImmediate(soon));
      }
      end.on('disconnect', listener);
      return disposable(() => end.off('disconnect', listener));
    },
    close() {
      if (end.connected) end.disconnect();
    },
  };
}
