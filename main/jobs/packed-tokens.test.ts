import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTokens, parsePackedTokens, unpackTokens } from './packed-tokens.ts';

describe('packed tokens', () => {
  it('take the bits that the codebook needs, highest first', () => {
    expect(packTokens(Int32Array.of(1, 0, 3), [1, 2], 4)).toEqual({ bits: 2, counts: [1, 2], data: 'TA==' });
    expect(packTokens(Int32Array.of(4095, 1), [2], 4096)).toEqual({ bits: 12, counts: [2], data: '//AB' });
  });

  it('come back, through JSON too, whatever the codebook', () => {
    const codebooks = fc
      .integer({ min: 1, max: 2 ** 31 - 1 })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.integer({ min: 0, max: size - 1 }), { minLength: 1 })));
    fc.assert(
      fc.property(codebooks, ([size, tokens]) => {
        const packed = packTokens(Int32Array.from(tokens), [tokens.length], size);
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
    expect(() => packTokens(Int32Array.of(4), [1], 4)).toThrow('4 is no token');
    expect(() => packTokens(Int32Array.of(1), [2], 4)).toThrow('do not fill');
  });
});
