/**
 * The host that this window talks to: the desktop program, or the server that the page came from. Nothing else knows which.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { CallOptions, Client } from '../../app/contracts/rpc.ts';
import { connect } from '../../app/contracts/rpc-client.ts';
import type { ShellApi } from '../../app/contracts/shell-api.ts';
import type { StudioApi } from '../../app/contracts/studio-api.ts';
import { STUDIO_CONTRACT } from '../../app/contracts/studio-contract.ts';
import { receiveMessagePort } from './message-port.ts';
import { webSocketPort } from './web-socket-port.ts';

declare global {
  interface Window {
    /** Only in the desktop program. */
    readonly underpaintShell?: ShellApi;
  }
}

export const shell: ShellApi | undefined = window.underpaintShell;

let client: Promise<Client<StudioApi>> | undefined;

async function openClient(onLost: () => void): Promise<Client<StudioApi>> {
  const port = shell ? await receiveMessagePort() : webSocketPort(socketUrl());
  port.onClose(onLost);
  return connect(STUDIO_CONTRACT, port, {
    closedError: () =>
      new StudioError('engine-crashed', 'The connection to the studio is lost.', {
        hint: 'Start Underpaint again and reload this page: your work is kept.',
      }),
    reportBadMessage: (error) => console.error(error),
  });
}

function socketUrl(): string {
  const url = new URL('/socket', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('token', new URLSearchParams(window.location.search).get('token') ?? '');
  return url.href;
}

/** @param onLost told once when the host is gone */
export function connectHost(onLost: () => void): void {
  client ??= openClient(onLost);
}

/** Calls the host. Throws what the call throws, and `engine-crashed` when the host is gone. */
export async function host<M extends keyof StudioApi & string>(
  method: M,
  args: StudioApi[M]['args'],
  options?: CallOptions<StudioApi[M]['event']>,
): Promise<StudioApi[M]['result']> {
  if (!client) throw new StudioError('internal', 'The studio is not connected.');
  return (await client).call(method, args, options);
}
