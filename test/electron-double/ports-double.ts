/**
 * `MessageChannelMain` over Node's message channels: messages are cloned, arrive later, and wait for `start`.
 */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

export class MessagePortMainDouble extends EventEmitter {
  #port: MessagePort | undefined;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
  }

  start(): void {
    if (!this.#port || this.#port.listenerCount('message') > 0) return;
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    this.#port.on('close', () => this.emit('close'));
  }

  postMessage(message: unknown): void {
    this.#port?.postMessage(message);
  }

  close(): void {
    this.#port?.close();
  }

  /** What is below, for one who moves this port elsewhere; it is of no use here any more. */
  takeApart(): MessagePort {
    const port = this.#port;
    if (!port) throw new Error('This port was given away already.');
    this.#port = undefined;
    return port;
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMainDouble;
  readonly port2: MessagePortMainDouble;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMainDouble(port1);
    this.port2 = new MessagePortMainDouble(port2);
  }
}
