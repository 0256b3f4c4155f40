import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFile } from './serve-file.ts';

describe('the served folder', () => {
  let folder: string;
  let root: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'underpaint-serve-')));
    root = join(folder, 'site');
    await mkdir(join(root, 'assets'), { recursive: true });
    await mkdir(join(folder, 'site-secrets'));
    await writeFile(join(root, 'index.html'), '<p>page</p>');
    await writeFile(join(root, 'assets', 'a b.js'), 'let a;');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'site-secrets', 'key.txt'), 'secret');
    await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
    await symlink(join(folder, 'site-secrets'), join(root, 'linked'));
    await symlink('index.html', join(root, 'inside.html'));
    await symlink('loop', join(root, 'loop'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const text = async (path: string) => {
    const { status, body } = await serveFile(root, path);
    return [status, new TextDecoder().decode(body)];
  };

  it('gives its files', async () => {
    expect(await text('/')).toEqual([200, '<p>page</p>']);
    expect(await text('/assets/a%20b.js')).toEqual([200, 'let a;']);
    expect(await text('/inside.html')).toEqual([200, '<p>page</p>']);
  });

  it('says what they are', async () => {
    expect((await serveFile(root, '/')).headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect((await serveFile(root, '/assets/a%20b.js')).headers['Content-Type']).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    '',
    'index.html',
    '/..',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/.%2e/secret.txt',
    '/%2E%2E%2Fsecret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e/secret.txt',
    '/../site-secrets/key.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/C:/Windows/win.ini',
    '/index.html:stream',
    '/index.html%00.js',
    '/./index.html',
    '/assets',
    '/assets/',
    '/assets%2fa b.js',
    '/index.html/',
    '/link.txt',
    '/linked/key.txt',
    '/loop',
    '/%',
    '/%ff',
    `/${'x'.repeat(5000)}`,
  ])('gives nothing for %j', async (path) => {
    const answer = await serveFile(root, path);
    expect([answer.status, new TextDecoder().decode(answer.body)]).toEqual([404, 'Not found.\n']);
    expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'");
  });
});
