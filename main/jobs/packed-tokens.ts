/**
 * Tokens as text: each symbol takes only the bits that its alphabet needs, so that the codes of a picture are about 1 KB.
 */
import { StudioError } from '../../app/base/errors.ts';
import { MAX_SYMBOLS } from '../../app/contracts/engine-contract.ts';
import { fields, integer, list, optional, type Parser, text } from '../../app/contracts/parse.ts';
import type { ModelDescription } from '../../app/generation/request.ts';

export interface PackedTokens {
  /** Bits of a symbol, 1 … 31. */
  readonly bits: number;
  /** Symbols of a token; 1 when left out. */
  readonly symbols?: number | undefined;
  /** Tokens of each step, coarse to fine. */
  readonly counts: readonly number[];
  /** Base64; symbols follow each other without gaps, each with its highest bit first; the last byte ends in zeros. */
  readonly data: string;
}

const MAX_BITS = 31;
/** Of all tokens together: far above what any model has; keeps a forged picture from taking all memory. */
const MAX_TOTAL = 2 ** 22;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export const parsePackedTokens: Parser<PackedTokens> = (value, place) => {
  const packed = fields<PackedTokens>({
    bits: integer(1, MAX_BITS),
    symbols: optional(integer(1, MAX_SYMBOLS)),
    counts: list(integer(1, MAX_TOTAL)),
    data: text,
  })(value, place);
  const total = symbolCount(packed);
  const bytes = Math.ceil((total * packed.bits) / 8);
  const fits = total <= MAX_TOTAL && Buffer.byteLength(packed.data, 'base64') === bytes;
  const valid = fits && BASE64.test(packed.data);
  if (valid) return packed;
  throw new StudioError('bad-request', `${place}.data must be the base64 text of ${bytes} bytes.`);
};

type Layout = Pick<ModelDescription, 'tokensPerStep' | 'symbolsPerToken' | 'vocabulary'>;

/** @param tokens symbols of all tokens, steps concatenated, each 0 … vocabulary − 1 */
export function packTokens(
  tokens: Int32Array,
  { tokensPerStep: counts, symbolsPerToken, vocabulary }: Layout,
): PackedTokens {
  const symbols = symbolsPerToken === 1 ? undefined : symbolsPerToken;
  if (symbolCount({ counts, symbols }) !== tokens.length) {
    throw new StudioError('internal', `${tokens.length} symbols do not fill steps of ${counts.join(', ')} tokens.`);
  }
  const bits = Math.max(1, Math.ceil(Math.log2(vocabulary)));
  const bytes = new Uint8Array(Math.ceil((tokens.length * bits) / 8));
  let place = 0;
  for (const symbol of tokens) {
    if (symbol < 0 || symbol >= vocabulary)
      throw new StudioError('internal', `${symbol} is no symbol of ${vocabulary}.`);
    for (let bit = bits - 1; bit >= 0; bit--, place++) {
      if ((symbol >> bit) & 1) bytes[place >> 3]! |= 0x80 >> (place & 7);
    }
  }
  return { bits, ...(symbols && { symbols }), counts, data: Buffer.from(bytes).toString('base64') };
}

/** The symbols of all tokens, steps concatenated. */
export function unpackTokens(packed: PackedTokens): Int32Array {
  const bytes = Buffer.from(packed.data, 'base64');
  const tokens = new Int32Array(symbolCount(packed));
  let place = 0;
  for (let index = 0; index < tokens.length; index++) {
    let symbol = 0;
    for (let bit = 0; bit < packed.bits; bit++, place++) {
      symbol = (symbol << 1) | (((bytes[place >> 3] ?? 0) >> (7 - (place & 7))) & 1);
    }
    tokens[index] = symbol;
  }
  return tokens;
}

function symbolCount({ counts, symbols = 1 }: Pick<PackedTokens, 'counts' | 'symbols'>): number {
  return symbols * counts.reduce((sum, count) => sum + count, 0);
}
