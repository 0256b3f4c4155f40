/**
 * Names for things that are made while the studio runs.
 */

const TIME_DIGITS = 9;
const RANDOM_BYTES = 6;

/** A unique id of 21 letters and digits; ids of different milliseconds sort by time. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(36).padStart(TIME_DIGITS, '0');
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return time + Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
