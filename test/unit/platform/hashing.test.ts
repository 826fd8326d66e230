import { canonicalJson, jsonDepthMax, sha256Hex } from '@gennaker/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('canonicalJson', () => {
  it('writes the same text whatever the order of the keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
      '{"a":[{"c":"x","d":null}],"b":1}',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
      }),
    );
  });

  it('writes what JSON reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  });

  it.each([
    ['NaN', { a: Number.NaN }],
    ['bigint', [1n]],
    ['function', { a: () => 1 }],
  ])('refuses %s', (word, value) => {
    expect(() => canonicalJson(value)).toThrow(word);
  });

  it('refuses what nests too deep, and what contains itself', () => {
    const deep = '['.repeat(jsonDepthMax + 2) + ']'.repeat(jsonDepthMax + 2);
    const round: Record<string, unknown> = {};
    round['self'] = round;
    expect(() => canonicalJson(JSON.parse(deep))).toThrow(/deeper/);
    expect(() => canonicalJson(round)).toThrow(/deeper/);
  });
});

describe('sha256Hex', () => {
  it('gives the digest of FIPS 180-2 for "abc"', () => {
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
