/**
 * Bytes made smaller, by the browser.
 */

export function deflate(bytes: Uint8Array | Uint8ClampedArray): Promise<Uint8Array<ArrayBuffer>> {
  return transformed(bytes, new CompressionStream('deflate-raw'));
}

/** Rejects for bytes that were not deflated. */
export function inflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return transformed(bytes, new DecompressionStream('deflate-raw'));
}

async function transformed(
  bytes: Uint8Array | Uint8ClampedArray,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
