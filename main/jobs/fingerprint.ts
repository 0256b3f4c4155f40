/**
 * Tells large files apart without reading them whole.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface FileFingerprint {
  /** Bytes. */
  readonly size: number;
  /** SHA-256 over the first and the last MiB, in hexadecimal; over the whole file when it is smaller than 2 MiB. */
  readonly sha256: string;
}

const EDGE = 2 ** 20;

export async function fingerprintFile(path: string): Promise<FileFingerprint> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    const head = Math.min(size, EDGE);
    const tail = Math.min(size - head, EDGE);
    for (const [start, length] of [
      [0, head],
      [size - tail, tail],
    ] as const) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { size, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** Fingerprints of several files, in an order that does not depend on theirs. */
export async function fingerprintFiles(paths: readonly string[]): Promise<FileFingerprint[]> {
  const prints = await Promise.all(paths.map(fingerprintFile));
  return prints.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Whether two models have the same files. */
export function sameFingerprints(a: readonly FileFingerprint[], b: readonly FileFingerprint[]): boolean {
  return a.length === b.length && a.every(({ size, sha256 }, at) => b[at]?.size === size && b[at]?.sha256 === sha256);
}
