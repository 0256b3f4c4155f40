/**
 * The outline of a JSON text, found without building anything: a parser fed with a hostile text can fill the memory
 * before it says no.
 */
import { corrupt } from './corrupt.ts';

export interface JsonLimits {
  /** Objects and arrays inside each other. */
  readonly depth: number;
  /** Braces, brackets, colons and commas: no text makes more values than it has of these. */
  readonly marks: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * @param bytes JSON as UTF-8; whether it is valid is not looked at
 * @returns the keys of the outermost object, repeated ones counted each time
 * @throws corrupt-checkpoint beyond a limit
 */
export function outlineJson(file: string, bytes: Uint8Array, limits: JsonLimits): { keys: number } {
  let [depth, marks, keys] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      continue;
    }
    if (byte === BRACE_END || byte === BRACKET_END) depth--;
    if (byte !== BRACE && byte !== BRACKET && byte !== COLON && byte !== COMMA) continue;
    if (byte === BRACE || byte === BRACKET) depth++;
    if (byte === COLON && depth === 1) keys++;
    marks++;
    if (depth > limits.depth) throw corrupt(file, 'its header is nested too deeply');
    if (marks > limits.marks) throw corrupt(file, 'its header has too many parts');
  }
  return { keys };
}

/** The place of the closing quote, or the end of the text. */
function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
