/**
 * The store that a place means.
 */
import { StudioError } from '../../../app/base/errors.ts';
import type { ResultStore } from './result-store.ts';

const S3_URL = /^s3:\/\/([^/]+)(?:\/(.*))?$/;

/**
 * @param place a folder, which need not exist yet, or `s3://bucket/prefix`; credentials, region and endpoint are those of
 *   AWS's own variables and files, such as AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL_S3
 * @throws StudioError bad-request when the package for S3 is not installed
 */
export async function openStore(place: string): Promise<ResultStore> {
  const [url, bucket, prefix = ''] = S3_URL.exec(place) ?? [];
  if (url !== undefined && bucket !== undefined) {
    const { S3Store } = await import('./s3-store.ts');
    return S3Store.open(bucket, prefix);
  }
  if (place.startsWith('s3:')) {
    throw new StudioError('bad-request', `"${place}" is no place for pictures.`, {
      hint: 'A bucket is written as s3://bucket/folder.',
    });
  }
  const { FolderStore } = await import('./folder-store.ts');
  return new FolderStore(place);
}
