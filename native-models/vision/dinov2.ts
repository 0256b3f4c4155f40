/**
 * DINOv2 at run time.
 */
import { StudioError } from '../../app/base/errors.ts';
import { bicubicMatrix } from '../layers/resample-matrix.ts';
import { float32, floats, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { Dinov2Weights } from './config.ts';
import { buildDinov2 } from './dinov2-graph.ts';

/** Patches down and across. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
}

export class Dinov2 {
  readonly #weights: Dinov2Weights;
  readonly #runtime: Runtime;
  #loaded: { grid: PatchGrid; session: Session; positions: Float32Array } | undefined;

  constructor(weights: Dinov2Weights, runtime: Runtime) {
    this.#weights = weights;
    this.#runtime = runtime;
  }

  /**
   * Features of every patch.
   *
   * @param image (3, patch·rows, patch·columns)
   * @returns (rows·columns, C), raster order
   */
  async encode(image: Float32Array, grid: PatchGrid): Promise<Float32Array> {
    const { session, positions } = await this.#load(grid);
    const { patch, width } = this.#weights.config;
    const fetches = await session.run({
      image: float32(image, 1, 3, patch * grid.rows, patch * grid.columns),
      positions: float32(positions, 1, grid.rows * grid.columns + 1, width),
    });
    return floats(fetches, 'features');
  }

  /** A session is made for one size of pictures; the last one stays. */
  async #load(grid: PatchGrid): Promise<{ session: Session; positions: Float32Array }> {
    const loaded = this.#loaded;
    if (loaded && loaded.grid.rows === grid.rows && loaded.grid.columns === grid.columns) return loaded;
    await this.dispose();
    const session = await this.#runtime.createSession(buildDinov2(targetOf(this.#runtime), this.#weights, grid));
    this.#loaded = { grid, session, positions: await this.#positions(grid) };
    return this.#loaded;
  }

  async #positions(grid: PatchGrid): Promise<Float32Array> {
    const { index, config } = this.#weights;
    const entry = index.entries.get(`${config.prefix}embeddings.position_embeddings`);
    if (!entry) throw new StudioError('corrupt-checkpoint', `${index.file} has no positions of its control encoder.`);
    return resizedPositions(await this.#runtime.readFloats(entry), config.positions, config.width, grid);
  }

  async dispose(): Promise<void> {
    await this.#loaded?.session.dispose();
    this.#loaded = undefined;
  }
}

/**
 * The learned positions at another grid: bicubic, by the ratio of the sizes, as transformers does it from 4.46 on.
 *
 * @param table (1 + side², C), the class token's position first, which stays as it is
 * @returns (1 + rows·columns, C)
 */
export function resizedPositions(table: Float32Array, side: number, width: number, grid: PatchGrid): Float32Array {
  const { rows, columns } = grid;
  const down = bicubicMatrix(side, rows);
  const across = bicubicMatrix(side, columns);
  const narrowed = new Float64Array(side * columns * width);
  for (let row = 0; row < side; row++) {
    weightedSums(
      across,
      side,
      table.subarray((1 + row * side) * width, (1 + (row + 1) * side) * width),
      width,
      (i) => ({
        into: narrowed,
        at: (row * columns + i) * width,
      }),
    );
  }
  const result = new Float32Array((1 + rows * columns) * width);
  result.set(table.subarray(0, width));
  const wide = columns * width;
  weightedSums(down, side, narrowed, wide, (i) => ({ into: result, at: width + i * wide }));
  return result;
}

type Numbers = Float32Array | Float64Array;

/** Row i of matrix·source, where source is (from, width), goes where `place` says. */
function weightedSums(
  matrix: Float32Array,
  from: number,
  source: Numbers,
  width: number,
  place: (i: number) => { into: Numbers; at: number },
): void {
  const sum = new Float64Array(width);
  for (let i = 0; i * from < matrix.length; i++) {
    sum.fill(0);
    for (let tap = 0; tap < from; tap++) {
      const weight = matrix[i * from + tap]!;
      if (weight === 0) continue;
      for (let c = 0; c < width; c++) sum[c]! += weight * source[tap * width + c]!;
    }
    const { into, at } = place(i);
    into.set(sum, at);
  }
}
