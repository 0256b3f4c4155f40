/**
 * A studio that sends back what it gets, with one more in every number of a `Float32Array`.
 */
import { disposable } from '../../../app/base/disposable.ts';
import type { Port } from '../../../app/contracts/port.ts';
import type { OpenStudio } from '../../../main/electron/electron-main.ts';

export class EchoStudio implements OpenStudio {
  readonly received: unknown[] = [];
  readonly ports: Port[] = [];
  closedPorts = 0;
  disposed = 0;
  closed = false;

  readonly host = {
    connect: (port: Port) => {
      this.ports.push(port);
      port.onMessage((message) => {
        this.received.push(message);
        port.post(message instanceof Float32Array ? message.map((value) => value + 1) : message);
      });
      port.onClose(() => this.closedPorts++);
      return disposable(() => this.disposed++);
    },
  };

  async close(): Promise<void> {
    this.closed = true;
  }
}
