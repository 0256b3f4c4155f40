/**
 * How many pixels of a mask are covered, for many rectangles that are known before: a table of sums at their edges alone.
 */
import type { Rect } from '../document/document.ts';
import type { Mask } from '../imaging/mask.ts';

export class AreaSums {
  /** Where rectangles begin and end, in order. */
  readonly #columns: readonly number[];
  readonly #rows: readonly number[];
  readonly #columnAt: ReadonlyMap<number, number>;
  readonly #rowAt: ReadonlyMap<number, number>;
  readonly #width: number;
  readonly #height: number;
  /** Covered pixels of what lies between neighbouring edges, each at its lower right crossing. */
  readonly #cells: Float64Array;
  /** Of everything above and left of each crossing. */
  readonly #sums: Float64Array;

  /** @param rects that will be asked for, or cleared; they may reach beyond the mask */
  constructor({ width, height, data }: Mask, rects: readonly Rect[]) {
    this.#width = width;
    this.#height = height;
    this.#columns = edges(
      width,
      rects.flatMap((rect) => [rect.x, rect.x + rect.width]),
    );
    this.#rows = edges(
      height,
      rects.flatMap((rect) => [rect.y, rect.y + rect.height]),
    );
    this.#columnAt = new Map(this.#columns.map((edge, at) => [edge, at]));
    this.#rowAt = new Map(this.#rows.map((edge, at) => [edge, at]));
    this.#cells = new Float64Array(this.#columns.length * this.#rows.length);
    this.#sums = new Float64Array(this.#cells.length);
    this.#count(data);
  }

  /** Nothing of one of the rectangles is covered any more. */
  clear({ x, y, width, height }: Rect): void {
    const stride = this.#columns.length;
    const [left, right] = [this.#columnOf(x), this.#columnOf(x + width)];
    const [top, bottom] = [this.#rowOf(y), this.#rowOf(y + height)];
    for (let row = top + 1; row <= bottom; row++)
      this.#cells.fill(0, row * stride + left + 1, row * stride + right + 1);
    this.#addUp();
  }

  /** Pixels of the rectangle with a cover above 0. */
  in({ x, y, width, height }: Rect): number {
    const [left, right] = [this.#columnOf(x), this.#columnOf(x + width)];
    const [top, bottom] = [this.#rowOf(y), this.#rowOf(y + height)];
    const sum = (row: number, column: number) => this.#sums[row * this.#columns.length + column] as number;
    return sum(bottom, right) - sum(top, right) - sum(bottom, left) + sum(top, left);
  }

  #count(data: Uint8Array): void {
    const stride = this.#columns.length;
    for (let row = 1; row < this.#rows.length; row++) {
      const line = this.#cells.subarray(row * stride, (row + 1) * stride);
      for (let y = this.#rows[row - 1] as number; y < (this.#rows[row] as number); y++) this.#addRow(line, data, y);
    }
    this.#addUp();
  }

  #addUp(): void {
    const stride = this.#columns.length;
    for (let row = 1; row < this.#rows.length; row++) {
      let line = 0;
      for (let column = 1; column < stride; column++) {
        line += this.#cells[row * stride + column]!;
        this.#sums[row * stride + column] = line + this.#sums[(row - 1) * stride + column]!;
      }
    }
  }

  #addRow(line: Float64Array, data: Uint8Array, y: number): void {
    for (let column = 1; column < this.#columns.length; column++) {
      const end = y * this.#width + (this.#columns[column] as number);
      let count = 0;
      for (let i = y * this.#width + (this.#columns[column - 1] as number); i < end; i++) if (data[i]) count++;
      line[column]! += count;
    }
  }

  #columnOf(edge: number): number {
    return this.#columnAt.get(within(edge, this.#width)) as number;
  }

  #rowOf(edge: number): number {
    return this.#rowAt.get(within(edge, this.#height)) as number;
  }
}

function within(edge: number, length: number): number {
  return Math.max(0, Math.min(length, edge));
}

function edges(length: number, all: readonly number[]): number[] {
  return [...new Set([0, length, ...all.map((edge) => within(edge, length))])].sort((a, b) => a - b);
}
