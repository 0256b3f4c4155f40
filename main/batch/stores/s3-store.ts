/**
 * Pictures in a bucket of S3 or of a store that speaks its protocol. The SDK is loaded only here.
 */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { StudioError } from '../../../app/base/errors.ts';
import { loadOptional } from '../load-optional.ts';
import type { ResultStore } from './result-store.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  tif: 'image/tiff',
  json: 'application/json',
};

export class S3Store implements ResultStore {
  readonly place: string;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  private constructor(sdk: Sdk, bucket: string, prefix: string) {
    this.#sdk = sdk;
    this.#client = new sdk.S3Client(clientConfig());
    this.#bucket = bucket;
    this.#prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.place = `s3://${bucket}/${this.#prefix}`;
  }

  /** Throws `bad-request` when the SDK is not installed. */
  static async open(bucket: string, prefix: string): Promise<S3Store> {
    const sdk = await loadOptional(() => import('@aws-sdk/client-s3'), ['@aws-sdk/client-s3'], 'Writing to S3');
    return new S3Store(sdk, bucket, prefix);
  }

  async existing(names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const bucket = { Bucket: this.#bucket, Prefix: this.#prefix };
    let next: string | undefined;
    do {
      const command = new this.#sdk.ListObjectsV2Command({ ...bucket, ContinuationToken: next });
      const page = await this.#try(() => this.#client.send(command));
      for (const { Key: key } of page.Contents ?? []) if (key) found.add(key.slice(this.#prefix.length));
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
    return new Set(names.filter((name) => found.has(name)));
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const command = new this.#sdk.GetObjectCommand(this.#address(name));
    const answer = await this.#try(() => this.#client.send(command).catch(unlessMissing));
    return answer && (await answer.Body?.transformToByteArray());
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const ending = name.slice(name.lastIndexOf('.') + 1);
    const type = TYPES[ending] ?? 'application/octet-stream';
    const command = new this.#sdk.PutObjectCommand({ ...this.#address(name), Body: bytes, ContentType: type });
    await this.#try(() => this.#client.send(command));
  }

  async remove(name: string): Promise<void> {
    const command = new this.#sdk.DeleteObjectCommand(this.#address(name));
    await this.#try(() => this.#client.send(command));
  }

  /** An object is replaced at once, and the same picture has the same bytes: two batches do no harm. */
  async lock(): Promise<() => Promise<void>> {
    return async () => {};
  }

  async sweep(): Promise<void> {}

  async freeBytes(): Promise<undefined> {
    return undefined;
  }

  dispose(): void {
    this.#client.destroy();
  }

  #address(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + name };
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new StudioError('unreachable', `The store ${this.place} cannot be used: ${why}`, {
        hint:
          'Check the bucket and the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for another ' +
          'store than Amazon’s, AWS_ENDPOINT_URL_S3.',
        cause,
      });
    }
  }
}

/** Other stores than Amazon's have buckets in the path rather than in the host's name, and any region will do. */
function clientConfig(): S3ClientConfig {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION } = process.env;
  if (!AWS_ENDPOINT_URL_S3 && !AWS_ENDPOINT_URL) return {};
  return { forcePathStyle: true, ...(!AWS_REGION && { region: 'us-east-1' }) };
}

function unlessMissing(error: unknown): undefined {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchKey' || name === 'NotFound') return undefined;
  throw error;
}
