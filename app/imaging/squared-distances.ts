/**
 * The exact Euclidean distance transform.
 */

/**
 * For every pixel, the squared distance in pixels to the nearest seed (a byte that is not 0); (width + height)², more
 * than any distance, where there is no seed at all. O(pixels).
 *
 * Columns first by two scans, then rows by the lower envelope of parabolas: Felzenszwalb and Huttenlocher, "Distance
 * Transforms of Sampled Functions", 2012, §2.1.
 *
 * @param seeds row-major, `width`·`height`
 */
export function squaredDistances(seeds: Uint8Array, width: number, height: number): Uint32Array {
  const distances = columnDistances(seeds, width, height);
  const envelope = createEnvelope(width);
  for (let y = 0; y < height; y++) {
    const row = distances.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < width; x++) envelope.values[x] = row[x]! * row[x]!;
    buildEnvelope(envelope, width);
    readEnvelope(envelope, row);
  }
  return distances;
}

/** How far the nearest seed of the same column is; `width` + `height` where it has none. */
function columnDistances(seeds: Uint8Array, width: number, height: number): Uint32Array {
  const none = width + height;
  const distances = new Uint32Array(width * height);
  for (let i = 0; i < distances.length; i++) {
    const above = i < width ? none : distances[i - width]! + 1;
    distances[i] = seeds[i] ? 0 : Math.min(none, above);
  }
  for (let i = distances.length - width - 1; i >= 0; i--) {
    distances[i] = Math.min(distances[i]!, distances[i + width]! + 1);
  }
  return distances;
}

/** The parabolas values[x] + (· − x)² of a row, and which of them are lowest somewhere. */
interface Envelope {
  readonly values: Float64Array;
  /** x of the lowest parabolas, from left to right. */
  readonly vertices: Int32Array;
  /** From where on each of them is the lowest; +∞ after the last. */
  readonly starts: Float64Array;
}

function createEnvelope(width: number): Envelope {
  return {
    values: new Float64Array(width),
    vertices: new Int32Array(width),
    starts: new Float64Array(width + 1),
  };
}

function buildEnvelope({ values, vertices, starts }: Envelope, width: number): void {
  let last = 0;
  vertices[0] = 0;
  starts[0] = Number.NEGATIVE_INFINITY;
  for (let x = 1; x < width; x++) {
    const height = values[x]! + x * x;
    let crossing: number;
    // Ends at the first parabola at the latest, which starts at −∞.
    for (;;) {
      const vertex = vertices[last]!;
      crossing = (height - values[vertex]! - vertex * vertex) / (2 * (x - vertex));
      if (crossing > starts[last]!) break;
      last--;
    }
    last++;
    vertices[last] = x;
    starts[last] = crossing;
  }
  starts[last + 1] = Number.POSITIVE_INFINITY;
}

function readEnvelope({ values, vertices, starts }: Envelope, row: Uint32Array): void {
  let current = 0;
  for (let x = 0; x < row.length; x++) {
    while (starts[current + 1]! < x) current++;
    const vertex = vertices[current]!;
    row[x] = (x - vertex) * (x - vertex) + values[vertex]!;
  }
}
