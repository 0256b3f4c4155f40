/**
 * One request for the rest of a file, and what its answer means.
 */
import { StudioError } from '../../app/base/errors.ts';
import { allowedUrl } from './allowed-url.ts';
import { PassingProblem } from './passing-problem.ts';
import { parseRetryAfter } from './retry-policy.ts';

export interface RangeRequest {
  readonly url: string;
  /** For the address's own server only; servers that it sends us on to do not get it. */
  readonly authorization: string | undefined;
  /** Bytes that are there already. */
  readonly offset: number;
  /** `ETag` or `Last-Modified` of the file that they are from. */
  readonly validator: string | undefined;
  readonly signal: AbortSignal;
}

export interface RangeAnswer {
  /**
   * `rest`: what comes goes on at the offset. `whole`: it begins at 0. `nothing`: the offset is the end of the file.
   * `changed`: the file is shorter than the offset, so it is another one now; nothing comes.
   */
  readonly kind: 'rest' | 'whole' | 'nothing' | 'changed';
  /** Bytes of the whole file, if the server says so. */
  readonly total: number | undefined;
  /** As in the request, of the file that comes. */
  readonly validator: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
const BUSY = [408, 421, 425, 429, 500, 502, 503, 504];
const NOTHING: AsyncIterable<Uint8Array> = (async function* () {})();

/**
 * @throws PassingProblem when the server is not there or busy; StudioError refused, corrupt-download (a web page instead of
 *   the file, a range that was not asked for), or bad-request when it is sent on to an address that is not encrypted
 */
export async function fetchRange(request: RangeRequest): Promise<RangeAnswer> {
  const response = await follow(request);
  const { status, headers } = response;
  if (status === 416) return unsatisfied(request, response);
  if (status !== 200 && status !== 206) {
    await response.body?.cancel().catch(() => {});
    throw refusal(request.url, response);
  }
  refuseWebPage(request.url, response);
  const validator = validatorOf(headers);
  const body = response.body ?? NOTHING;
  if (status === 200) return { kind: 'whole', total: lengthOf(headers), validator, body };
  const range = parseContentRange(headers.get('content-range'));
  if (range?.start !== request.offset) {
    throw new StudioError(
      'corrupt-download',
      `${hostOf(request.url)} sent another part of the file than was asked for.`,
      {
        hint: 'Try again later, or download the file with another program and import it.',
        detail: `asked for ${request.offset}, got ${headers.get('content-range')}`,
      },
    );
  }
  return { kind: 'rest', total: range.total, validator, body };
}

async function follow({ url, authorization, offset, validator, signal }: RangeRequest): Promise<Response> {
  let address = allowedUrl(url);
  const { origin } = address;
  const headers = new Headers({ 'Accept-Encoding': 'identity', 'User-Agent': 'Underpaint' });
  if (offset > 0) {
    headers.set('Range', `bytes=${offset}-`);
    if (validator !== undefined) headers.set('If-Range', validator);
  }
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    if (authorization !== undefined && address.origin === origin) headers.set('Authorization', authorization);
    else headers.delete('Authorization');
    const response = await send(address, headers, signal);
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel().catch(() => {});
    address = allowedUrl(location, address.href);
  }
  throw new StudioError('refused', `${hostOf(url)} sends requests around in a circle.`, { hint: 'Check the address.' });
}

async function send(url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual' });
  } catch (cause) {
    throw new PassingProblem(`${url.host} cannot be reached.`, { cause: rootOf(cause) });
  }
}

/** `fetch` hides what happened in the cause of "fetch failed". */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** The server has no byte at the offset: the file is complete, or another one than before. */
function unsatisfied({ offset }: RangeRequest, { headers, body }: Response): RangeAnswer {
  void body?.cancel().catch(() => {});
  const total = /^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  const size = total === undefined ? undefined : Number(total);
  const validator = validatorOf(headers);
  return { kind: size === offset ? 'nothing' : 'changed', total: size, validator, body: NOTHING };
}

function refuseWebPage(url: string, { headers, body }: Response): void {
  if (!/^text\/html\b|^application\/xhtml/i.test(headers.get('content-type') ?? '')) return;
  void body?.cancel().catch(() => {});
  throw new StudioError('corrupt-download', `${hostOf(url)} sent a web page instead of the file.`, {
    hint: 'The network may want you to log in first, or the address is that of a page: open it in a browser.',
  });
}

function refusal(url: string, { status, headers }: Response): PassingProblem | StudioError {
  const host = hostOf(url);
  if (BUSY.includes(status)) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
    const message = status === 429 ? `${host} asks to come more slowly.` : `${host} is busy (status ${status}).`;
    return new PassingProblem(message, { retryAfterMs });
  }
  if (status === 401 || status === 403) {
    return new StudioError('refused', `${host} does not give this file to everybody (status ${status}).`, {
      hint: "Accept the model's terms on its page, and give Underpaint an access token in the models' settings.",
      detail: url,
    });
  }
  const gone = status === 404 || status === 410;
  return new StudioError(
    'refused',
    gone ? `${host} does not have this file any more.` : `${host} refuses to give the file (status ${status}).`,
    { hint: 'Check the address, or look for the file on the page of its model.', detail: url },
  );
}

/** A weak ETag says nothing about bytes, so the date is better. */
function validatorOf(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified') ?? undefined;
}

function lengthOf(headers: Headers): number | undefined {
  const value = headers.get('content-length');
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function parseContentRange(value: string | null): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(value ?? '');
  if (!match) return undefined;
  return { start: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) };
}

function hostOf(url: string): string {
  return new URL(url).host;
}
