/**
 * A port over the browser's WebSocket.
 */
import { disposable } from '../../app/base/disposable.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import type { Port } from '../../app/contracts/port.ts';

/** Messages that are posted before the socket is open wait for it. */
export function webSocketPort(url: string): Port {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  socket.addEventListener('open', () => {
    for (const bytes of waiting) socket.send(bytes);
    waiting = [];
  });
  return {
    post(message) {
      const bytes = encodeMessage(message);
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(bytes);
      else if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    onMessage(listener) {
      const receive = ({ data }: MessageEvent<ArrayBuffer>) => listener(decodeMessage(new Uint8Array(data)));
      socket.addEventListener('message', receive);
      return disposable(() => socket.removeEventListener('message', receive));
    },
    onClose(listener) {
      if (socket.readyState === WebSocket.CLOSED) queueMicrotask(listener);
      else socket.addEventListener('close', listener, { once: true });
      return disposable(() => socket.removeEventListener('close', listener));
    },
    close: () => socket.close(),
  };
}
