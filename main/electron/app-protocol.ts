/**
 * `underpaint://app/`: the page's own origin, served from files without a network port.
 */
import { protocol } from 'electron/main';
import { SECURITY_HEADERS, serveFile } from '../page/serve-file.ts';

const SCHEME = 'underpaint';
const HOST = 'app';

/** The page. */
export const APP_URL = `${SCHEME}://${HOST}/`;

/** Whether a URL is of the page's own origin. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol: scheme, host, username, password } = new URL(url);
  return scheme === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** Whether a URL is the page itself, whatever its query and fragment. */
export function isAppPage(url: string): boolean {
  return isAppUrl(url) && new URL(url).pathname === '/';
}

/** Must be called before the application is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Serves the page from the folder `root`, from when the application is ready. */
export function serveApp(root: string): void {
  protocol.handle(SCHEME, (request) => answer(root, request));
}

async function answer(root: string, { url, method }: Request): Promise<Response> {
  if (!isAppUrl(url)) return new Response(null, { status: 404, headers: SECURITY_HEADERS });
  if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers: SECURITY_HEADERS });
  const { status, headers, body } = await serveFile(root, new URL(url).pathname);
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}
