/**
 * Where the pictures of a batch go: a folder, or a bucket of an S3-compatible store. Names are relative, with forward
 * slashes; a file is there wholly or not at all.
 */
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
   * Keeps other batches out until the result is called. Throws `in-use` when one works there already.
   */
  lock(): Promise<() => Promise<void>>;
  /** Removes what writers that were killed left beside `names`. Only while nobody writes. */
  sweep(names: readonly string[]): Promise<void>;
  /** Bytes that are free, or undefined where nobody can tell. */
  freeBytes(): Promise<number | undefined>;
  dispose(): void;
}
