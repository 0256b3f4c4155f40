/**
 * `ipcMain`.
 */
import { EventEmitter } from 'node:events';

type Handler = (event: object, ...args: unknown[]) => unknown;

class IpcMainDouble extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`There is a handler for '${channel}' already.`);
    this.#handlers.set(channel, handler);
  }

  async invoke(channel: string, event: object, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...args);
  }
}

export const ipcMain = new IpcMainDouble();
