import { StudioError } from '../../app/base/errors.ts';

const DOWNLOAD_AGAIN = 'Download the file again and compare its size with the publisher’s.';
const MAX_SHOWN_CHARACTERS = 100;

/** The error of a checkpoint whose bytes make no sense. */
export function corrupt(file: string, what: string, hint = DOWNLOAD_AGAIN): StudioError {
  return new StudioError('corrupt-checkpoint', `${file} is damaged or not what it says: ${what}.`, { hint });
}

/** A name out of a file, fit for a message: short, and without characters that would steer a terminal. */
export function shown(name: string): string {
  return name.slice(0, MAX_SHOWN_CHARACTERS).replace(/\p{C}/gu, '?');
}

/** A whole number from 0 that float64 holds exactly. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Product of sizes; undefined when it is beyond exact numbers. */
export function safeProduct(sizes: readonly number[]): number | undefined {
  if (sizes.includes(0)) return 0;
  let product = 1;
  for (const size of sizes) {
    product *= size;
    if (!Number.isSafeInteger(product)) return undefined;
  }
  return product;
}
