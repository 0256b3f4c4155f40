/**
 * Quantities as people say them.
 */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Such as `3.2 s`, `45 s`, `12 min` or `7.5 h`. */
export function timeInWords(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * MINUTE) return `${Math.round(seconds / MINUTE)} min`;
  return `${(seconds / HOUR).toFixed(1)} h`;
}

/** Such as `12 kB` or `3.4 GB`. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
