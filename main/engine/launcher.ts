/**
 * How an engine process is started. Node forks it (node-launcher.ts); a desktop shell may have its own way.
 */
import type { Port } from '../../app/contracts/port.ts';

/** How a process ended: an exit code or the name of the signal that killed it. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it printed last. */
  readonly output: string;
}

export interface LaunchedEngine {
  readonly port: Port;
  /** Settles when the process is gone; never fails. */
  readonly exited: Promise<EngineExit>;
  /** Ends the process at once, whatever it is doing. */
  kill(): void;
}

export type LaunchEngine = () => LaunchedEngine;
