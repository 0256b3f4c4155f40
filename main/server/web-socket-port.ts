/**
 * A port over a WebSocket.
 */
import type { WebSocket } from 'ws';
import { disposable } from '../../app/base/disposable.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import type { Port } from '../../app/contracts/port.ts';

/** The protocol's codes for closing: ordinary end, and data that makes no sense. */
const NORMAL_CLOSURE = 1000;
const INVALID_DATA = 1007;

export function webSocketPort(socket: WebSocket): Port {
  return {
    post(message) {
      const bytes = encodeMessage(message);
      if (socket.readyState === socket.OPEN) socket.send(bytes);
    },
    onMessage(listener) {
      const receive = (data: Buffer) => {
        let message: unknown;
        try {
          message = decodeMessage(data);
        } catch {
          return socket.close(INVALID_DATA);
        }
        listener(message);
      };
      socket.on('message', receive);
      return disposable(() => socket.off('message', receive));
    },
    onClose(listener) {
      if (socket.readyState === socket.CLOSED) queueMicrotask(listener);
      else socket.once('close', listener);
      return disposable(() => socket.off('close', listener));
    },
    close: () => socket.close(NORMAL_CLOSURE),
  };
}
