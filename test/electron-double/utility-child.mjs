/**
 * Runs first in a process of the double's `utilityProcess`: gives it `process.parentPort` instead of `process.send`.
 */
import { EventEmitter } from 'node:events';

const send = process.send.bind(process);
const parentPort = new EventEmitter();
parentPort.postMessage = (message) => send(message);
// Messages wait in Node until somebody listens to them, as they do in Electron.
parentPort.once('newListener', () => {
  setImmediate(() => process.on('message', (data) => parentPort.emit('message', { data, ports: [] })));
});
process.once('disconnect', () => process.exit());
delete process.send;
process.parentPort = parentPort;
