/**
 * A two-way channel to another process or page.
 */
import type { Disposable } from '../base/disposable.ts';

export interface Port {
  /**
   * Sends plain data (what `structuredClone` takes, typed arrays included); messages arrive in order. Throws when the
   * message cannot be cloned. Does nothing once the port is closed.
   */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
  /** Called once, when either end closes or the other process dies; at once (but not synchronously) if it has. */
  onClose(listener: () => void): Disposable;
  close(): void;
}
