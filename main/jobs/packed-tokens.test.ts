import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTokens, parsePackedTokens, unpackTokens } from './packed-tokens.ts';

function pack(tokens: readonly number[], tokensPerStep: readonly number[], vocabulary: number, symbolsPerToken = 1) {
  return packTokens(Int32Array.from(tokens), { tokensPerStep, vocabulary, symbolsPerToken });
}

describe('packed tokens', () => {
  it('take the bits that the codebook needs, highest first', () => {
    expect(pack([1, 0, 3], [1, 2], 4)).toEqual({ bits: 2, counts: [1, 2], data: 'TA==' });
    expect(pack([4095, 1], [2], 4096)).toEqual({ bits: 12, counts: [2], data: '//AB' });
  });

  it('may be of several symbols each', () => {
    const packed = pack([1, 0, 0, 1, 1, 1], [1, 1], 2, 3);
    expect(packed).toEqual({ bits: 1, symbols: 3, counts: [1, 1], data: 'nA==' });
    expect([...unpackTokens(parsePackedTokens(packed, 'tokens'))]).toEqual([1, 0, 0, 1, 1, 1]);
    expect(() => parsePackedTokens({ ...packed, symbols: 9 }, 'tokens')).toThrow('3 bytes');
    expect(() => parsePackedTokens({ ...packed, symbols: 0 }, 'tokens')).toThrow('tokens.symbols');
  });

  it('come back, through JSON too, whatever the codebook', () => {
    const codebooks = fc
      .integer({ min: 1, max: 2 ** 31 - 1 })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.integer({ min: 0, max: size - 1 }), { minLength: 1 })));
    fc.assert(
      fc.property(codebooks, ([size, tokens]) => {
        const packed = pack(tokens, [tokens.length], size);
        const read = parsePackedTokens(JSON.parse(JSON.stringify(packed)), 'tokens');
        expect([...unpackTokens(read)]).toEqual(tokens);
      }),
    );
  });

  it.each([
    [{ bits: 0, counts: [1], data: 'AA==' }],
    [{ bits: 32, counts: [1], data: 'AAAAAA==' }],
    [{ bits: 12, counts: [1], data: 'AA==' }],
    [{ bits: 12, counts: [1], data: '!!!!' }],
    [{ bits: 12, counts: [2 ** 22, 1], data: 'AAA=' }],
    [{ bits: 12, counts: [-1], data: '' }],
  ])('are refused when they lie: %j', (packed) => {
    expect(() => parsePackedTokens(packed, 'tokens')).toThrow('tokens.');
  });

  it('refuse tokens outside the codebook', () => {
    expect(() => pack([4], [1], 4)).toThrow('4 is no symbol');
    expect(() => pack([1], [2], 4)).toThrow('do not fill');
  });
});
