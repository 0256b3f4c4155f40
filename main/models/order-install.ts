/**
 * From what a person wants to the note of an install.
 */
import { basename } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { idFromFileName } from '../../app/catalog/model-card.ts';
import { type License, licenseOf, needsConsent, type PublishedFile } from '../../app/catalog/published-model.ts';
import { PUBLISHED_MODELS } from '../../app/catalog/published-models.ts';
import type { InstallOrder } from '../../app/contracts/models-api.ts';
import { allowedUrl } from '../downloads/allowed-url.ts';
import { parseHubAddress } from '../downloads/hub.ts';
import { findOffered } from './catalogue.ts';
import type { InstallRecord, WantedFile } from './install-record.ts';

/**
 * @param endpoint address of the hub
 * @throws StudioError needs-consent when the licence was not accepted, unknown-model, bad-request
 */
export function orderInstall(order: InstallOrder, endpoint: string): InstallRecord {
  if (order.type === 'addresses') return orderAddresses(order, endpoint);
  if (order.type === 'completion') return orderCompletion(order);
  const model = findOffered(order.id);
  const license = licenseOf(model);
  if (needsConsent(license) && !order.licenseAccepted) throw needsLicense(model.name, license);
  const files = model.files.map(({ name, size, at, sha256 }) => ({ name, size, at, ...(sha256 && { sha256 }) }));
  return { id: model.id, name: model.name, files, license, paused: false };
}

function orderAddresses(
  { addresses, licenseAccepted }: Extract<InstallOrder, { type: 'addresses' }>,
  endpoint: string,
): InstallRecord {
  const files = addresses.map((address): WantedFile => {
    const hub = parseHubAddress(address, endpoint);
    const { pathname, href } = allowedUrl(address);
    const name = decodeURIComponent((hub?.path ?? pathname).split('/').at(-1) ?? '');
    if (name === '') {
      throw new StudioError('bad-request', `${address} is not the address of a file.`, {
        hint: 'Give the address that the file itself has, such as https://huggingface.co/OWNER/NAME/resolve/main/FILE.',
      });
    }
    return { name, size: 0, at: hub ?? { url: href } };
  });
  const [first] = files;
  if (!first) throw new StudioError('bad-request', 'Give the address of a file.');
  if (!licenseAccepted) {
    throw new StudioError('needs-consent', `Nobody told Underpaint the licence of ${first.name}.`, {
      hint: 'Look it up where the file comes from, and confirm that you may use it.',
    });
  }
  return { id: idFromFileName(first.name), name: first.name, files, license: null, paused: false };
}

function orderCompletion({ files: own, missing }: Extract<InstallOrder, { type: 'completion' }>): InstallRecord {
  const companion = findPublishedFile(missing);
  const [first] = own;
  if (!companion || !first) throw new StudioError('bad-request', `The catalogue has no file ${missing}.`);
  const { name, size, at, license } = companion;
  if (needsConsent(license)) throw needsLicense(name, license);
  return {
    id: idFromFileName(basename(first)),
    name: basename(first),
    files: [{ name, size, at }],
    own,
    license: null,
    paused: false,
  };
}

/** A file of the catalogue by its name. */
export function findPublishedFile(name: string): PublishedFile | undefined {
  return PUBLISHED_MODELS.flatMap(({ files }) => files).find((file) => file.name === name);
}

function needsLicense(name: string, { id, kind, url }: License): StudioError {
  const what =
    kind === 'none'
      ? 'was published without a licence: nobody has granted its use'
      : `may not be used commercially (${id})`;
  return new StudioError('needs-consent', `${name} ${what}.`, { hint: `Read ${url} and accept it to go on.` });
}
