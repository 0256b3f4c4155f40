/**
 * Tokens as text: each takes only the bits that the codebook needs, so that the tokens of a picture are about 1 KB.
 */
import { StudioError } from '../../app/base/errors.ts';
import { fields, integer, list, type Parser, text } from '../../app/contracts/parse.ts';

export interface PackedTokens {
  /** Bits of a token, 1 … 31. */
  readonly bits: number;
  /** Tokens of each step, coarse to fine. */
  readonly counts: readonly number[];
  /** Base64; tokens follow each other without gaps, each with its highest bit first; the last byte ends in zeros. */
  readonly data: string;
}

const MAX_BITS = 31;
/** Far above what any model has; keeps a forged picture from taking all memory. */
const MAX_TOKENS = 2 ** 22;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export const parsePackedTokens: Parser<PackedTokens> = (value, place) => {
  const packed = fields<PackedTokens>({
    bits: integer(1, MAX_BITS),
    counts: list(integer(1, MAX_TOKENS)),
    data: text,
  })(value, place);
  const bytes = Math.ceil((totalOf(packed.counts) * packed.bits) / 8);
  const fits = totalOf(packed.counts) <= MAX_TOKENS && Buffer.byteLength(packed.data, 'base64') === bytes;
  const valid = fits && BASE64.test(packed.data);
  if (valid) return packed;
  throw new StudioError('bad-request', `${place}.data must be the base64 text of ${bytes} bytes.`);
};

/**
 * @param tokens all tokens, steps concatenated, each 0 … vocabulary − 1
 * @param counts tokens of each step
 */
export function packTokens(tokens: Int32Array, counts: readonly number[], vocabulary: number): PackedTokens {
  if (totalOf(counts) !== tokens.length) {
    throw new StudioError('internal', `${tokens.length} tokens do not fill steps of ${counts.join(', ')}.`);
  }
  const bits = Math.max(1, Math.ceil(Math.log2(vocabulary)));
  const bytes = new Uint8Array(Math.ceil((tokens.length * bits) / 8));
  let place = 0;
  for (const token of tokens) {
    if (token < 0 || token >= vocabulary) throw new StudioError('internal', `${token} is no token of ${vocabulary}.`);
    for (let bit = bits - 1; bit >= 0; bit--, place++) {
      if ((token >> bit) & 1) bytes[place >> 3]! |= 0x80 >> (place & 7);
    }
  }
  return { bits, counts, data: Buffer.from(bytes).toString('base64') };
}

/** All tokens, steps concatenated. */
export function unpackTokens(packed: PackedTokens): Int32Array {
  const bytes = Buffer.from(packed.data, 'base64');
  const tokens = new Int32Array(totalOf(packed.counts));
  let place = 0;
  for (let index = 0; index < tokens.length; index++) {
    let token = 0;
    for (let bit = 0; bit < packed.bits; bit++, place++) {
      token = (token << 1) | (((bytes[place >> 3] ?? 0) >> (7 - (place & 7))) & 1);
    }
    tokens[index] = token;
  }
  return tokens;
}

function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
