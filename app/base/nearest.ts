/**
 * Finds what a mistyped word may have meant.
 */

/** How far a suggestion may be from the word, as a share of the longer one's length. */
const MAX_DISTANCE = 0.5;

/**
 * The candidates that are most like `word`, the best first: those of which it is a part, then those that few edits
 * (letters added, dropped, changed or swapped) lead to. Case does not matter. May be empty.
 */
export function nearest(word: string, candidates: readonly string[], count: number): string[] {
  const wanted = word.trim().toLowerCase();
  const rated = candidates.map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }));
  return rated
    .filter((entry) => entry.distance <= MAX_DISTANCE)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map((entry) => entry.candidate);
}

/** 0 for equal texts, 1 for texts that have nothing in common; words of a longer name may be meant alone. */
function distance(wanted: string, candidate: string): number {
  const whole = editShare(wanted, candidate);
  const words = candidate.split(/[^\p{L}\p{N}]+/u).map((word) => editShare(wanted, word));
  const part = wanted.length > 2 && candidate.includes(wanted) ? 0 : Math.min(...words);
  // A part is worth less than the whole, and a small part of a long name less than a large one.
  const rest = 1 - Math.min(1, wanted.length / Math.max(1, candidate.length));
  return Math.min(whole, part + 0.1 + 0.1 * rest);
}

function editShare(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  return length === 0 ? 0 : editDistance(a.slice(0, 64), b.slice(0, 64)) / Math.min(64, length);
}

/** Damerau-Levenshtein distance (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
