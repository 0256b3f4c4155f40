/**
 * The studio as the desktop shell sees it.
 */
import type { Disposable } from '../../app/base/disposable.ts';
import type { Port } from '../../app/contracts/port.ts';

export interface StudioHost {
  /** Serves the page at the other end of `port` until it closes or the result is disposed. */
  connect(port: Port): Disposable;
}
