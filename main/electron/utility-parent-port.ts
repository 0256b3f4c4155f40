/**
 * The end of the utility process that this process is.
 */
import { disposable } from '../../app/base/disposable.ts';
import type { Port } from '../../app/contracts/port.ts';

/** What Electron puts into `process` of a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** Undefined when this is not a utility process. It never closes by itself: Electron ends the process with its parent. */
export function utilityParentPort(): Port | undefined {
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  if (!parentPort) return undefined;
  return {
    post: (message) => parentPort.postMessage(message),
    onMessage(listener) {
      const hear = ({ data }: { readonly data: unknown }) => listener(data);
      parentPort.on('message', hear);
      return disposable(() => parentPort.off('message', hear));
    },
    onClose: () => disposable(() => {}),
    close: () => process.exit(0),
  };
}
