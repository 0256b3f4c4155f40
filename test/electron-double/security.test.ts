import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildPageScripts, buildPreload } from './build-scripts.ts';
import { HAS_CHROMIUM, launchChromium, TestDesktop } from './testing/test-desktop.ts';

describe.skipIf(!HAS_CHROMIUM)('what the page of the desktop shell may not do', () => {
  let browser: Browser;
  let folder: string;
  let desktop: TestDesktop;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'underpaint-security-'));
    const preload = join(folder, 'preload.cjs');
    await writeFile(preload, await buildPreload());
    browser = await launchChromium();
    const scripts = await buildPageScripts();
    desktop = await TestDesktop.start({ browser, scripts, preload, profile: join(folder, 'profile') });
    page = await desktop.page();
  });

  afterAll(async () => {
    await desktop?.quit();
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    desktop.state.openedOutside.length = 0;
  });

  const fetchStatus = (path: string) => page.evaluate(async (url) => (await fetch(url)).status, path);

  it('runs under the policy of its headers', async () => {
    const headers = await page.evaluate(async () => Object.fromEntries((await fetch('/')).headers));
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
        "font-src 'self'; connect-src 'self'; worker-src 'self' blob:",
    );
  });

  it('runs no script that is not a file of its own', async () => {
    const ran = await page.evaluate(async () => {
      const violated = new Promise((resolve) => document.addEventListener('securitypolicyviolation', resolve));
      const script = document.createElement('script');
      script.textContent = 'document.body.dataset.ran = "yes"';
      document.body.append(script);
      await violated;
      return document.body.dataset.ran;
    });
    expect(ran).toBeUndefined();
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%2Fpackage.json',
    '/assets/..%2f..%2fdesktop.test.ts',
    '/%2e%2e%2f%2e%2e%2fpackage.json',
    '/..%5cpackage.json',
    '/assets%2fpage.js',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/assets//page.js',
    '/%00',
    '/%',
    '/assets',
    '/assets/',
  ])('gets nothing for %s', async (path) => {
    const handler = desktop.electron.protocol.handlers.get('underpaint');
    const answer = await handler?.(new Request(`underpaint://app${path}`));
    expect(answer?.status).toBe(404);
    expect(answer?.headers.get('content-security-policy')).toContain("default-src 'none'");
    if (!path.startsWith('//')) expect(await fetchStatus(path)).toBe(404);
  });

  it('gets its own files, whatever the query', async () => {
    expect(await fetchStatus('/assets/page.js?v=1')).toBe(200);
    expect(await fetchStatus('/index.html')).toBe(200);
    const handler = desktop.electron.protocol.handlers.get('underpaint');
    expect((await handler?.(new Request('underpaint://other/index.html')))?.status).toBe(404);
    expect((await handler?.(new Request('underpaint://app/', { method: 'POST' })))?.status).toBe(405);
  });

  it('reaches no network, even past its policy', async () => {
    const blocked = new Promise<string>((resolve) =>
      page.on('requestfailed', (request) => {
        if (request.url().includes('telemetry')) resolve(`${request.url()} ${request.failure()?.errorText}`);
      }),
    );
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setBypassCSP', { enabled: true });
    await page.reload();
    await page.evaluate(() => fetch('https://example.org/telemetry', { mode: 'no-cors' }).catch(() => {}));
    expect(await blocked).toContain('https://example.org/telemetry net::ERR_BLOCKED_BY_CLIENT');
    await devtools.send('Page.setBypassCSP', { enabled: false });
    await page.reload();
  });

  it('navigates nowhere; links of the web go to the browser of the person', async () => {
    const before = page.url();
    await page.click('#link');
    await vi.waitFor(() => expect(desktop.state.openedOutside).toEqual(['https://example.org/manual']));
    await page.evaluate(() => {
      location.href = 'http://example.org/';
    });
    await page.evaluate(() => {
      location.href = '/assets/page.js';
    });
    await page.waitForTimeout(200);
    expect(page.url()).toBe(before);
    expect(await page.evaluate(() => document.title)).toBe('Test page');
    expect(desktop.state.openedOutside).toEqual(['https://example.org/manual']);
  });

  it('is not redirected, and gets no webview', () => {
    const contents = desktop.windows()[0]?.webContents;
    for (const [event, details] of [
      ['will-redirect', { url: 'https://example.org/' }],
      ['will-attach-webview', {}],
    ] as const) {
      const preventDefault = vi.fn();
      contents?.emit(event, { ...details, preventDefault });
      expect(preventDefault).toHaveBeenCalledOnce();
    }
    const preventDefault = vi.fn();
    contents?.emit('will-redirect', { url: 'underpaint://app/?again', preventDefault });
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('opens no windows', async () => {
    const opened = await page.evaluate(() =>
      ['https://example.org/open', 'javascript:alert(1)', '/'].map((url) => window.open(url) === null),
    );
    expect(opened).toEqual([true, true, true]);
    await page.click('#blank');
    await vi.waitFor(() =>
      expect(desktop.state.openedOutside).toEqual(['https://example.org/open', 'https://example.org/blank']),
    );
    await vi.waitFor(() => expect(page.context().pages()).toEqual([page]));
    expect(desktop.state.allowedWindows).toEqual([]);
  });

  it('has no permissions', async () => {
    const states = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
      const query = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
      return Promise.all(names.map(query));
    });
    expect(states).toEqual(Array.from({ length: 6 }, () => 'denied'));
    const located = page.evaluate(
      () =>
        new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve(0),
            ({ code }) => resolve(code),
          ),
        ),
    );
    expect(await located).toBe(1);
  });
});
