/**
 * Which addresses may be downloaded from: HTTPS, and plain HTTP to this machine alone.
 */
import { StudioError } from '../../app/base/errors.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Throws `bad-request` for anything else, addresses with a password in them included. */
export function allowedUrl(address: string, base?: string): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (!url) throw new StudioError('bad-request', `"${address}" is not an address.`, { hint: 'Give an https address.' });
  if (url.username !== '' || url.password !== '') {
    throw new StudioError('bad-request', 'The address holds a name or password, which would be kept and shown.', {
      hint: 'Give the address without them.',
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  throw new StudioError(
    'bad-request',
    `Models are downloaded over an encrypted connection only, which ${url.origin} is not.`,
    {
      hint: 'Give an address that begins with https.',
    },
  );
}
