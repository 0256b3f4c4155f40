/**
 * Where the pictures of a batch go: a folder, or a bucket of an S3-compatible store. Names are relative, with forward
 * slashes; a file is there wholly or not at all.
 */
import { StudioError } from '../../../app/base/errors.ts';

export interface ResultStore {
  /** The place in words, such as its path. */
  readonly place: string;
  /** Those of `names` that are there. */
  existing(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** The bytes of a file, or undefined when it is not there. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Writes or replaces a file. Throws `unwritable` or `disk-full`, and leaves what was there. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /**
   * Keeps other batches out until the result is called. Throws `unwritable` when one works there already.
   */
  lock(): Promise<() => Promise<void>>;
  /** Removes what writers that were killed left beside `names`. Only while nobody writes. */
  sweep(names: readonly string[]): Promise<void>;
  /** Bytes that are free, or undefined where nobody can tell. */
  freeBytes(): Promise<number | undefined>;
  dispose(): void;
}

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
