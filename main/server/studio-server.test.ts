import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { disposable } from '../../app/base/disposable.ts';
import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import type { Port } from '../../app/contracts/port.ts';
import { type StudioServer, startServer } from './studio-server.ts';

let root: string;
let server: StudioServer;
let ports: Port[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'underpaint-server-'));
  await mkdir(join(root, 'page'));
  await writeFile(join(root, 'page', 'index.html'), '<title>Underpaint</title>');
  await writeFile(join(root, 'secret.txt'), 'secret');
  ports = [];
  server = await startServer({ root: join(root, 'page'), port: 0, connect });
});

afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** Sends back what comes. */
function connect(port: Port) {
  ports.push(port);
  port.onMessage((message) => port.post(message));
  return disposable(() => {});
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Paths go out as they are written, unlike through `fetch`. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asking.once('error', reject).end();
  });
}

function socketUrl(token = new URL(server.url).searchParams.get('token') ?? ''): string {
  const { host } = new URL(server.url);
  return `ws://${host}/socket?token=${token}`;
}

function open(url: string, origin = new URL(server.url).origin): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { origin });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });
}

describe('the page', () => {
  it('is served with its policy', async () => {
    const { status, headers, body } = await get('/?token=x');
    expect(status).toBe(200);
    expect(body).toContain('Underpaint');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//etc/passwd', '/missing.js'])(
    'has nothing at %s',
    async (path) => {
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(body).not.toContain('secret');
    },
  );

  it('is for this machine’s names alone', async () => {
    expect((await get('/', { Host: 'evil.example' })).status).toBe(403);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });
});

describe('the socket', () => {
  it('carries messages with arrays', async () => {
    const socket = await open(socketUrl());
    const message = { text: 'Grüße', list: Int32Array.of(1, -2) };
    const echo = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)));
    socket.send(encodeMessage(message));
    expect(decodeMessage(await echo)).toEqual(message);
    socket.close();
  });

  it.each(['', 'wrong', 'x'.repeat(32)])('is refused with the token "%s"', async (token) => {
    await expect(open(socketUrl(token))).rejects.toThrow('403');
    expect(ports).toEqual([]);
  });

  it('is refused to pages of other sites', async () => {
    await expect(open(socketUrl(), 'http://evil.example')).rejects.toThrow('403');
    await expect(open(socketUrl().replace('/socket', '/other'))).rejects.toThrow('403');
  });

  it('is closed at garbage, and the server lives on', async () => {
    const socket = await open(socketUrl());
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send(Buffer.from([9, 9, 9, 9, 9]));
    expect(await closed).toBe(1007);
    (await open(socketUrl())).close();
  });

  it('tells its port when the window is gone', async () => {
    const socket = await open(socketUrl());
    const gone = new Promise<void>((resolve) => ports[0]?.onClose(resolve));
    socket.terminate();
    await gone;
  });
});

it('says that its port is taken', async () => {
  const port = Number(new URL(server.url).port);
  const second = startServer({ root, port, connect });
  await expect(second).rejects.toMatchObject({ code: 'bad-request', hint: expect.stringContaining('--port') });
});
