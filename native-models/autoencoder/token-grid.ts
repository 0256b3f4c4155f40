/**
 * Height and width in tokens or latent pixels.
 */

/** Rows and columns of a token map or a latent. */
export interface TokenGrid {
  readonly rows: number;
  readonly columns: number;
}

/** As many columns as rows. */
export function squareGrid(side: number): TokenGrid {
  return { rows: side, columns: side };
}

export function sameGrid(a: TokenGrid | undefined, b: TokenGrid): boolean {
  return a?.rows === b.rows && a.columns === b.columns;
}
