import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadStage, downloadFile, type RemoteFile } from './download-file.ts';
import { journalPath, partPath } from './part-file.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { bytesOf, HostileServer, sha256Of, status } from './testing/hostile-server.ts';

const QUICK: RetryPolicy = { baseMs: 5, maxMs: 20, attempts: 4, stallMs: 500 };
const CONTENT = new Uint8Array(randomBytes(300_000));
const KNOWN = { size: CONTENT.length, sha256: sha256Of(CONTENT) };

let server: HostileServer;
let folder: string;
let target: string;

beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-download-'));
  target = join(folder, 'model.pth');
  server.requests.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly stages: DownloadStage[];
}

async function download(file: RemoteFile, signal = new AbortController().signal): Promise<Run> {
  const stages: DownloadStage[] = [];
  await downloadFile(file, target, { signal, policy: QUICK, onStage: (stage) => stages.push(stage) });
  return { stages };
}

function expectWhole(content: Uint8Array = CONTENT): void {
  expect(sha256Of(readFileSync(target))).toBe(sha256Of(content));
  expect(readdirSync(folder)).toEqual(['model.pth']);
}

const ranges = () => server.requests.map(({ range }) => range);

describe('a good server', () => {
  it('gives the file, and what is there already is not fetched again', async () => {
    const url = server.on('/good', bytesOf(CONTENT));
    const { stages } = await download({ url, ...KNOWN });
    expectWhole();
    expect(stages.at(-1)).toEqual({ type: 'verifying', done: CONTENT.length, total: CONTENT.length });
    await download({ url, ...KNOWN });
    expect(server.requests).toHaveLength(1);
  });

  it('gives an empty file, and one of which nothing is known', async () => {
    await download({ url: server.on('/empty', bytesOf(new Uint8Array(0))) });
    expectWhole(new Uint8Array(0));
  });

  it('gets the token, and the server that it sends us on to does not', async () => {
    const other = await HostileServer.start();
    const elsewhere = other.on('/file', bytesOf(CONTENT));
    const url = server.on('/gated', status(302, { Location: elsewhere }));
    await download({ url, authorization: 'Bearer hf_x', ...KNOWN });
    expectWhole();
    expect([server.requests[0]?.authorization, other.requests[0]?.authorization]).toEqual(['Bearer hf_x', '']);
    await other.close();
  });
});

describe('a bad connection', () => {
  it('is taken up again where it was cut, with the file that it was', async () => {
    const url = server.on('/cut', bytesOf(CONTENT, { cutAfter: 70_000 }));
    const { stages } = await download({ url, ...KNOWN });
    expectWhole();
    expect(server.requests.length).toBeGreaterThanOrEqual(5);
    const starts = ranges().map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.at(-1)).toBeGreaterThan(200_000);
    expect(stages.filter(({ type }) => type === 'waiting').length).toBe(server.requests.length - 1);
  });

  it('that goes silent is given up for a new one', async () => {
    const url = server.onEach('/stall', bytesOf(CONTENT, { stallAfter: 100_000 }), bytesOf(CONTENT));
    const { stages } = await download({ url, ...KNOWN });
    expectWhole();
    expect(ranges()).toEqual(['', 'bytes=100000-']);
    expect(stages).toContainEqual(
      expect.objectContaining({ type: 'waiting', reason: expect.stringContaining('Nothing came') }),
    );
  });

  it('that never comes back ends with what to do, and keeps what has come', async () => {
    const url = server.onEach('/gone', bytesOf(CONTENT, { cutAfter: 70_000 }), (request) => request.destroy());
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('is kept'),
    });
    expect(statSync(partPath(target)).size).toBeGreaterThan(0);
    expect(existsSync(target)).toBe(false);
    server.on('/gone', bytesOf(CONTENT));
    await download({ url, ...KNOWN });
    expectWhole();
    expect(ranges().at(-1)).toMatch(/^bytes=\d+-$/);
  });

  it('to nowhere is told', async () => {
    const dead = await HostileServer.start();
    const url = `${dead.origin}/x`;
    await dead.close();
    await expect(download({ url })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(existsSync(target)).toBe(false);
  });

  it('is waited for as long as the server asks', async () => {
    const url = server.onEach('/slow-down', status(429, { 'Retry-After': '1' }), status(503), bytesOf(CONTENT));
    const { stages } = await download({ url, ...KNOWN });
    expectWhole();
    const waits = stages.flatMap((stage) => (stage.type === 'waiting' ? [stage.waitMs] : []));
    expect(waits[0]).toBe(1000);
    expect(waits[1]).toBeLessThan(100);
  });

  it('may come without ranges: then it begins anew', async () => {
    const url = server.onEach(
      '/no-ranges',
      bytesOf(CONTENT, { cutAfter: 70_000 }),
      bytesOf(CONTENT, { ranges: false }),
    );
    await download({ url, ...KNOWN });
    expectWhole();
  });

  it('that always breaks at the same place, without ranges, is given up', async () => {
    const url = server.on('/hopeless', bytesOf(CONTENT, { cutAfter: 70_000, ranges: false }));
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.requests.length).toBeLessThan(10);
  });
});

describe('a server that lies', () => {
  it('about the length, too long: the rest is asked for, and never comes', async () => {
    const url = server.on('/long', bytesOf(CONTENT, { claimedLength: CONTENT.length + 1000 }));
    await expect(download({ url })).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|corrupt-download/),
    });
    expect(existsSync(target)).toBe(false);
  });

  it('about the length, against what the hub announced', async () => {
    const url = server.on('/other-size', bytesOf(CONTENT.subarray(0, 1000)));
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({ code: 'corrupt-download' });
    expect(existsSync(target)).toBe(false);
  });

  it('without a length, and sends more than was announced', async () => {
    const url = server.on('/more', (_, response) => {
      response.writeHead(200);
      response.end(Buffer.concat([CONTENT, CONTENT]));
    });
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({
      code: 'corrupt-download',
      message: expect.stringContaining('more than'),
    });
    expect(existsSync(target)).toBe(false);
  });

  it('with bytes of the right length: the hash tells, and they are thrown away', async () => {
    const url = server.on('/forged', bytesOf(new Uint8Array(randomBytes(CONTENT.length))));
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({ code: 'corrupt-download' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('with a part that was not asked for', async () => {
    const wrong = { 'Content-Range': `bytes 5-${CONTENT.length - 1}/${CONTENT.length}` };
    const url = server.onEach('/wrong-part', bytesOf(CONTENT, { cutAfter: 70_000 }), status(206, wrong, 'x'));
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({ code: 'corrupt-download' });
    expect(existsSync(partPath(target))).toBe(true);
  });

  it.each([
    [403, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
    [400, 'refused'],
  ])('with status %d is believed at once', async (code, expected) => {
    const url = server.on('/refused', status(code));
    await expect(download({ url })).rejects.toMatchObject({ code: expected, hint: expect.any(String) });
    expect(server.requests).toHaveLength(1);
    expect(existsSync(target)).toBe(false);
  });

  it('with a web page: what has come stays', async () => {
    const page = status(200, { 'Content-Type': 'text/html; charset=utf-8' }, '<html>Log in to the hotel</html>');
    const url = server.onEach('/portal', bytesOf(CONTENT, { cutAfter: 70_000 }), page, bytesOf(CONTENT));
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({
      code: 'corrupt-download',
      message: expect.stringContaining('web page'),
    });
    await download({ url, ...KNOWN });
    expectWhole();
    expect(ranges().at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it.each([
    'http://example.org/x',
    'ftp://example.org/x',
    'file:///etc/passwd',
    'https://a:b@example.org/x',
    'model.pth',
  ])('at %s is not even asked', async (url) => {
    await expect(download({ url })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('by sending us on to an address without encryption', async () => {
    const url = server.on('/downgrade', status(302, { Location: 'http://example.org/x' }));
    await expect(download({ url })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('by sending us around', async () => {
    const url = server.on('/circle', status(302, { Location: '/circle' }));
    await expect(download({ url })).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('a file that changes', () => {
  const OTHER = new Uint8Array(randomBytes(250_000));

  it('between ranges is fetched anew: never half of each', async () => {
    const url = server.onEach('/changed', bytesOf(CONTENT, { cutAfter: 70_000 }), bytesOf(OTHER));
    await download({ url });
    expectWhole(OTHER);
  });

  it('is noticed even when the server ignores If-Range', async () => {
    const stubborn = bytesOf(OTHER, { etag: '"other"' });
    const url = server.onEach(
      '/ignored',
      bytesOf(CONTENT, { cutAfter: 70_000, etag: '"first"' }),
      (request, response) => {
        delete request.headers['if-range'];
        stubborn(request, response);
      },
    );
    await download({ url });
    expectWhole(OTHER);
  });

  it('to a shorter one is fetched anew after status 416', async () => {
    const short = CONTENT.subarray(0, 1000);
    const answer = bytesOf(short, { etag: '"short"' });
    const url = server.onEach('/shorter', bytesOf(CONTENT, { cutAfter: 70_000 }), (request, response) => {
      delete request.headers['if-range'];
      answer(request, response);
    });
    await download({ url });
    expectWhole(short);
  });

  it('at each request is given up', async () => {
    let n = 0;
    const url = server.on('/always', (request, response) =>
      bytesOf(CONTENT, { cutAfter: 50_000 + n, etag: `"${n++}"` })(request, response),
    );
    await expect(download({ url })).rejects.toMatchObject({
      code: expect.stringMatching(/corrupt-download|unreachable/),
    });
    expect(server.requests.length).toBeLessThan(20);
  });
});

describe('on this side', () => {
  it('stops at once and goes on later', async () => {
    const url = server.on('/paced', bytesOf(CONTENT, { pace: { ms: 5, bytes: 10_000 } }));
    const stop = new AbortController();
    const running = downloadFile({ url, ...KNOWN }, target, {
      signal: stop.signal,
      policy: QUICK,
      onStage: (stage) => {
        if (stage.done > 100_000) stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const kept = statSync(partPath(target)).size;
    expect(kept).toBeGreaterThan(100_000);
    await download({ url, ...KNOWN });
    expectWhole();
    expect(ranges().at(-1)).toBe(`bytes=${kept}-`);
  });

  it('refuses a second download of the same file', async () => {
    const url = server.on('/twice', bytesOf(CONTENT, { pace: { ms: 60, bytes: 30_000 } }));
    const first = download({ url, ...KNOWN });
    await expect.poll(() => server.requests.length).toBe(1);
    await expect(download({ url, ...KNOWN })).rejects.toMatchObject({ code: 'in-use' });
    await first;
    expectWhole();
  });

  it('does not begin what has no room', async () => {
    const url = server.on('/huge', (_, response) => {
      response.writeHead(200, { 'Content-Length': String(10 ** 14) });
      response.flushHeaders();
    });
    await expect(download({ url })).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('are free'),
    });
    expect(existsSync(target)).toBe(false);
  });

  it('a part that no journal vouches for, or a broken journal, is begun anew', async () => {
    const url = server.on('/again', bytesOf(CONTENT));
    writeFileSync(partPath(target), CONTENT.subarray(0, 500));
    await download({ url, ...KNOWN });
    expectWhole();
    rmSync(target);
    writeFileSync(partPath(target), 'x'.repeat(500));
    writeFileSync(journalPath(target), '{"url":');
    await download({ url, ...KNOWN });
    expectWhole();
  });

  it('a file of 100 GB goes on by its offset: nothing of it is read', async () => {
    const total = 100 * 2 ** 30;
    const tail = CONTENT.subarray(0, 1000);
    const etag = '"huge"';
    const url = server.on('/sparse', (request, response) => {
      expect(request.headers.range).toBe(`bytes=${total - 1000}-`);
      const range = `bytes ${total - 1000}-${total - 1}/${total}`;
      response.writeHead(206, { ETag: etag, 'Content-Length': 1000, 'Content-Range': range }).end(tail);
    });
    writeFileSync(partPath(target), '');
    truncateSync(partPath(target), total - 1000);
    writeFileSync(journalPath(target), JSON.stringify({ url, validator: etag, total, flushed: total - 1000 }));
    const before = process.memoryUsage().rss;
    await download({ url, size: total });
    expect(statSync(target).size).toBe(total);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });
});
