/**
 * The studio in a browser: a server for this machine alone. The page comes over HTTP, all talk over one WebSocket whose
 * address carries a secret.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Disposable } from '../../app/base/disposable.ts';
import { StudioError } from '../../app/base/errors.ts';
import { MAX_MESSAGE_BYTES } from '../../app/contracts/message-codec.ts';
import type { Port } from '../../app/contracts/port.ts';
import { SECURITY_HEADERS, serveFile } from '../page/serve-file.ts';
import { webSocketPort } from './web-socket-port.ts';

const LOOPBACK = '127.0.0.1';
const SOCKET_PATH = '/socket';
const TOKEN_BYTES = 24;

export interface StudioServerOptions {
  /** Folder of the built page. */
  readonly root: string;
  /** 0 takes a free one. */
  readonly port: number;
  connect(port: Port): Disposable;
}

export interface StudioServer {
  /** The address to open, with its secret. */
  readonly url: string;
  close(): Promise<void>;
}

/** Throws `bad-request` when the port is taken. */
export async function startServer(options: StudioServerOptions): Promise<StudioServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const server = createServer((request, response) => void answer(server, options.root, request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on('upgrade', (request, socket, head) => {
    if (!isAllowed(server, request, token)) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (connection) => options.connect(webSocketPort(connection)));
  });
  await listen(server, options.port);
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/?token=${token}`,
    close: () => stop(server, sockets),
  };
}

async function answer(server: Server, root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwnHost(server, request.headers.host)) return end(response, 403, 'Forbidden.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'Method not allowed.');
  try {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    const { status, headers, body } = await serveFile(root, path);
    response.writeHead(status, { ...headers, 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  } catch {
    end(response, 500, 'The page cannot be read.');
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

/** Names that a page of another site could have made point here are refused, and so are its scripts. */
function isAllowed(server: Server, request: IncomingMessage, token: string): boolean {
  const { host, origin } = request.headers;
  const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const wanted = Buffer.from(token);
  return (
    url.pathname === SOCKET_PATH &&
    isOwnHost(server, host) &&
    origin === `http://${host}` &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted)
  );
}

function isOwnHost(server: Server, host: string | undefined): boolean {
  const port = portOf(server);
  return host === `${LOOPBACK}:${port}` || host === `localhost:${port}`;
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is used by another program' : `cannot be used (${cause.code})`;
      reject(
        new StudioError('bad-request', `Port ${port} ${reason}.`, { hint: 'Choose another one with --port.', cause }),
      );
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

async function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
