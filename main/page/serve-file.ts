/**
 * The built page as a website: from the path of a request to a file's bytes and headers. It knows no Electron, so that
 * any kind of server can stand before it.
 */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface ServedFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Go with every answer, whatever its status. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Errors that mean that there is no such file. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * The file of `root` that a request asks for, or a 404.
 *
 * @param root absolute path of the only folder that is served
 * @param path the path of the URL, still percent-encoded, without query; `/` means `/index.html`
 * @throws what reading a file that is there throws
 */
export async function serveFile(root: string, path: string): Promise<ServedFile> {
  const name = path === '/' ? 'index.html' : relativeFile(path);
  const body = name === undefined ? undefined : await readInside(root, name);
  if (name === undefined || body === undefined) return notFound();
  const type = CONTENT_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
  return { status: 200, headers: { ...SECURITY_HEADERS, 'Content-Type': type }, body };
}

function notFound(): ServedFile {
  const headers = { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' };
  return { status: 404, headers, body: new TextEncoder().encode('Not found.\n') };
}

/** The path within the folder, or undefined when it is not made of plain names only. */
function relativeFile(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const names = path.slice(1).split('/').map(decodeName);
  return names.every((name) => name !== undefined) ? join(...names) : undefined;
}

/** Decoded once; nothing that a file system could take for more than a name in its folder. */
function decodeName(segment: string): string | undefined {
  try {
    const name = decodeURIComponent(segment);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    return name === '' || name === '.' || name === '..' || /[/\\:\u0000-\u001f]/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** Links that lead out of the folder lead nowhere. */
async function readInside(root: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(join(root, name))]);
    return file.startsWith(folder + sep) ? new Uint8Array(await readFile(file)) : undefined;
  } catch (error) {
    if (ABSENT.has(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
