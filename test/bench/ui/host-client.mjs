/**
 * Calls to the studio's server without a window: the contract over a WebSocket, for messages without arrays.
 */
import { WebSocket } from 'ws';

/** A message is the length of its JSON, the JSON, and arrays after it, at the next place that eight divides. */
const HEADER = 4;
const ALIGNMENT = 8;

/** @param url of the page, with its token */
export async function connectHost(url) {
  const address = new URL('/socket', url);
  address.protocol = 'ws:';
  address.search = new URL(url).search;
  const socket = new WebSocket(address, { origin: new URL(url).origin });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const calls = new Map();
  socket.on('message', (bytes) => {
    const { kind, id, result, error } = JSON.parse(bytes.subarray(HEADER, HEADER + bytes.readUInt32LE(0)).toString());
    if (kind === 'reply') calls.get(id)?.resolve(result);
    else if (kind === 'error') calls.get(id)?.reject(new Error(error.message));
  });
  return {
    call: (method, ...args) =>
      new Promise((resolve, reject) => {
        const id = calls.size;
        calls.set(id, { resolve, reject });
        socket.send(encoded({ kind: 'request', id, method, args }));
      }),
    close: () => socket.close(),
  };
}

function encoded(message) {
  const json = Buffer.from(JSON.stringify(message));
  const bytes = Buffer.alloc(Math.ceil((HEADER + json.length) / ALIGNMENT) * ALIGNMENT);
  bytes.writeUInt32LE(json.length, 0);
  json.copy(bytes, HEADER);
  return bytes;
}
