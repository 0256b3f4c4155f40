/**
 * Measurements and the bars that they are held to.
 */

export interface Bar {
  readonly atLeast?: number;
  readonly below?: number;
}

export class Report {
  readonly values: Record<string, number> = {};
  missed = 0;

  add(name: string, value: number, unit: string, bar: Bar = {}): void {
    this.values[`${name} [${unit}]`] = value;
    const met = (bar.atLeast === undefined || value >= bar.atLeast) && (bar.below === undefined || value < bar.below);
    if (!met) this.missed++;
    const wanted =
      bar.atLeast !== undefined ? `at least ${bar.atLeast}` : bar.below !== undefined ? `below ${bar.below}` : '';
    const verdict = wanted ? `${met ? 'met' : 'MISSED'}: ${wanted}` : '';
    const line = `${name.padEnd(40)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)} ${verdict}`;
    console.log(line.trimEnd());
  }

  printVerdict(): void {
    console.log(this.missed === 0 ? 'All bars are met.' : `${this.missed} bars are missed.`);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Of two 8-bit pictures, in dB. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let error = 0;
  for (let i = 0; i < a.length; i++) error += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10((255 ** 2 * a.length) / error);
}
