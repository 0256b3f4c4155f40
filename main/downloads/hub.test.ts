import { afterAll, beforeAll, expect, it } from 'vitest';
import { findOnHub, HUB_ENDPOINT, parseHubAddress } from './hub.ts';
import { HostileServer, sha256Of, status } from './testing/hostile-server.ts';
import { serveHub } from './testing/hub-double.ts';

const CONTENT = new Uint8Array([1, 2, 3]);
let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
  serveHub(server, { repo: 'a/open', files: { 'x/y z.pth': CONTENT } });
  serveHub(server, { repo: 'a/gated', files: { 'x.pth': CONTENT }, token: 'hf_good' });
});
afterAll(() => server.close());

const ask = (repo: string, path: string, token?: string) =>
  findOnHub({ repo, path }, { endpoint: server.origin, token });

it('says where a file is, its size and its SHA-256', async () => {
  expect(await ask('a/open', 'x/y z.pth')).toEqual({
    url: `${server.origin}/a/open/resolve/main/x/y%20z.pth`,
    size: 3,
    sha256: sha256Of(CONTENT),
    authorization: undefined,
  });
});

it('gives gated files for a token', async () => {
  await expect(ask('a/gated', 'x.pth')).rejects.toMatchObject({
    code: 'refused',
    hint: expect.stringContaining('token'),
  });
  await expect(ask('a/gated', 'x.pth', 'hf_bad')).rejects.toMatchObject({ code: 'refused' });
  expect(await ask('a/gated', 'x.pth', 'hf_good')).toMatchObject({ size: 3, authorization: 'Bearer hf_good' });
});

it('says what is not there', async () => {
  await expect(ask('a/open', 'other.pth')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('no file'),
  });
  await expect(ask('a/nothing', 'x.pth')).rejects.toMatchObject({ code: 'refused' });
  await expect(ask('nonsense', 'x.pth')).rejects.toMatchObject({ code: 'bad-request' });
});

it('is asked again when it is busy or not there', async () => {
  server.on('/api/models/a/busy/paths-info/main', status(429, { 'Retry-After': '7' }));
  await expect(ask('a/busy', 'x')).rejects.toMatchObject({ name: 'PassingProblem', retryAfterMs: 7000 });
  const closed = await HostileServer.start();
  const endpoint = closed.origin;
  await closed.close();
  await expect(findOnHub({ repo: 'a/b', path: 'x' }, { endpoint, token: undefined })).rejects.toMatchObject({
    name: 'PassingProblem',
  });
});

it('is only asked over an encrypted connection', async () => {
  const options = { endpoint: 'http://example.org', token: undefined };
  await expect(findOnHub({ repo: 'a/b', path: 'x' }, options)).rejects.toMatchObject({ code: 'bad-request' });
});

it.each([
  ['https://huggingface.co/a/b/resolve/main/c/d.pth', { repo: 'a/b', path: 'c/d.pth' }],
  ['https://huggingface.co/a/b/blob/main/x%20y.pth?download=true', { repo: 'a/b', path: 'x y.pth' }],
  ['https://huggingface.co/a/b', undefined],
  ['https://example.org/a/b/resolve/main/c.pth', undefined],
])('reads the address %s', (address, file) => {
  expect(parseHubAddress(address, HUB_ENDPOINT)).toEqual(file);
});
