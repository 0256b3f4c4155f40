/**
 * The Hugging Face hub: what it says of a file, through its own client.
 */
import { StudioError } from '../../app/base/errors.ts';
import { allowedUrl } from './allowed-url.ts';
import type { RemoteFile } from './download-file.ts';
import { PassingProblem } from './passing-problem.ts';
import { parseRetryAfter } from './retry-policy.ts';

export const HUB_ENDPOINT = 'https://huggingface.co';

export interface HubFile {
  /** `owner/name`. */
  readonly repo: string;
  /** Of the file in the repository. */
  readonly path: string;
}

export interface HubOptions {
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
}

const REPO = /^[\w.-]+\/[\w.-]+$/;
const BUSY = [408, 425, 429, 500, 502, 503, 504];

/** `https://huggingface.co/owner/name/resolve/main/file.pth`, or the page of a file, as what it names. */
export function parseHubAddress(address: string, endpoint: string): HubFile | undefined {
  if (!address.startsWith(`${endpoint}/`)) return undefined;
  const match = /^([\w.-]+\/[\w.-]+)\/(?:resolve|blob|raw)\/main\/([^?#]+)/.exec(address.slice(endpoint.length + 1));
  return match ? { repo: match[1] as string, path: decodeURIComponent(match[2] as string) } : undefined;
}

/**
 * Asks the hub for a file's size and SHA-256. The hub knows the SHA-256 of large files only.
 *
 * @throws PassingProblem when it is not there or busy; StudioError refused, bad-request
 */
export async function findOnHub({ repo, path }: HubFile, { endpoint, token }: HubOptions): Promise<RemoteFile> {
  if (!REPO.test(repo)) throw new StudioError('bad-request', `"${repo}" is not the name of a repository.`);
  allowedUrl(endpoint);
  const { pathsInfo, HubApiError } = await import('@huggingface/hub');
  try {
    const [info] = await pathsInfo({
      repo: { type: 'model', name: repo },
      paths: [path],
      hubUrl: endpoint,
      fetch: fetchOrRetryLater,
      ...(token !== undefined && { accessToken: token }),
    });
    if (info?.type !== 'file') throw missing(repo, path);
    const name = path.split('/').map(encodeURIComponent).join('/');
    return {
      url: `${endpoint}/${repo}/resolve/main/${name}`,
      size: info.lfs?.size ?? info.size,
      sha256: info.lfs?.oid,
      authorization: token === undefined ? undefined : `Bearer ${token}`,
    };
  } catch (error) {
    throw error instanceof HubApiError ? refusal(error.statusCode, { repo, path }) : error;
  }
}

const fetchOrRetryLater: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new PassingProblem('The hub cannot be reached.', { cause });
  });
  if (!BUSY.includes(response.status)) return response;
  await response.body?.cancel();
  throw new PassingProblem(`The hub is busy (status ${response.status}).`, {
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  });
};

function refusal(status: number, { repo, path }: HubFile): StudioError {
  if (status === 401 || status === 403) {
    return new StudioError('refused', `The hub does not give ${repo} to everybody.`, {
      hint: `Accept its terms on its page, and give Underpaint an access token in the models' settings.`,
      detail: `status ${status}`,
    });
  }
  if (status === 404) return missing(repo, path);
  return new StudioError('refused', `The hub refuses to answer for ${repo} (status ${status}).`, {
    hint: 'Try again later.',
  });
}

function missing(repo: string, path: string): StudioError {
  return new StudioError('refused', `The hub has no file ${path} in ${repo}.`, {
    hint: 'It may have been moved: look for it on its page, download it and import it.',
  });
}
