/**
 * Random access to a file's bytes, so that readers stay free of any platform.
 */
export interface ByteSource {
  /** Absolute path, for errors. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; readers check the range against `size` first. */
  read(offset: number, length: number): Promise<Uint8Array>;
}
