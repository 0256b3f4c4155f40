/**
 * A real HTTP server on loopback that serves bytes, well or badly, as a test tells it.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class HostileServer {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #routes = new Map<string, Answer>();
  /** Method, path and range of every request, in order. */
  readonly requests: { readonly path: string; readonly range: string; readonly authorization: string }[] = [];

  static async start(): Promise<HostileServer> {
    const server = new HostileServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers requests for `path` with `answer` from now on. */
  on(path: string, answer: Answer): string {
    this.#routes.set(path, answer);
    return this.origin + path;
  }

  /** As `on`, but each request gets the next answer, and the last one stays. */
  onEach(path: string, ...answers: readonly Answer[]): string {
    let at = 0;
    return this.on(path, (request, response) => {
      const answer = answers[Math.min(at++, answers.length - 1)] as Answer;
      answer(request, response);
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/', headers } = request;
    this.requests.push({ path: url, range: headers.range ?? '', authorization: headers.authorization ?? '' });
    const answer = this.#routes.get(url);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  }
}

export interface Serving {
  /** Bytes after which the connection is cut, of each answer. */
  readonly cutAfter?: number;
  /** Bytes after which nothing comes any more. */
  readonly stallAfter?: number;
  /** `Content-Length` that is announced instead of the right one. */
  readonly claimedLength?: number;
  /** False: every answer is the whole file. */
  readonly ranges?: boolean;
  readonly etag?: string;
  /** Pause between pieces in ms, and their size in bytes. */
  readonly pace?: { readonly ms: number; readonly bytes: number };
}

/** Serves bytes as a good server does, apart from what `serving` says. */
export function bytesOf(content: Uint8Array, serving: Serving = {}): Answer {
  const etag = serving.etag ?? `"${sha256Of(content).slice(0, 16)}"`;
  return (request, response) => {
    const start = serving.ranges === false ? 0 : rangeStart(request, etag);
    if (start >= content.length && start > 0) {
      response.writeHead(416, { 'Content-Range': `bytes */${content.length}`, ETag: etag }).end();
      return;
    }
    const rest = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      ETag: etag,
      'Content-Type': 'application/octet-stream',
      'Content-Length': serving.claimedLength ?? rest.length,
      ...(start > 0 && { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    void send(response, rest, serving);
  };
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_, response) => response.writeHead(code, headers).end(body);
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function rangeStart({ headers }: IncomingMessage, etag: string): number {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const condition = headers['if-range'];
  return condition === undefined || condition === etag ? start : 0;
}

async function send(response: ServerResponse, rest: Uint8Array, serving: Serving): Promise<void> {
  const end = Math.min(rest.length, serving.cutAfter ?? rest.length, serving.stallAfter ?? rest.length);
  const { ms, bytes } = serving.pace ?? { ms: 0, bytes: end };
  for (let at = 0; at < end && !response.destroyed; at += bytes) {
    await new Promise((resolve) => response.write(rest.subarray(at, Math.min(at + bytes, end)), resolve));
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }
  if (serving.stallAfter !== undefined) return;
  if (end < rest.length || serving.claimedLength !== undefined) response.destroy();
  else response.end();
}
