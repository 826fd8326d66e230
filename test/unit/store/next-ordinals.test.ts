import { candidatesMax, nextOrdinals, sequenceOf } from '@gennaker/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const sequences = fc.integer({ min: 0, max: 999 });

describe('nextOrdinals', () => {
  it.each([
    { highWater: null, aws: null, next: 0 },
    { highWater: null, aws: 12, next: 13 },
    { highWater: 12, aws: null, next: 13 },
    { highWater: 12, aws: 7, next: 13 },
    { highWater: 7, aws: 12, next: 13 },
    { highWater: 5, aws: 900, next: 901 },
    { highWater: null, aws: 999, next: 1000 },
    { highWater: 999, aws: 999, next: 1000 },
    { highWater: null, aws: 123_456, next: 1000 },
    // One round on, 999 and 900 are leftovers, 8 is ahead.
    { highWater: 1003, aws: 999, next: 1004 },
    { highWater: 1003, aws: 900, next: 1004 },
    { highWater: 1003, aws: 8, next: 1009 },
    { highWater: 1998, aws: 1, next: 2002 },
  ])('after mark $highWater and AWS $aws comes $next', ({ highWater, aws, next }) => {
    expect(nextOrdinals({ highWater, awsHighestSequence: aws })[0]).toBe(next);
  });

  it('lie above the mark, rise by one, and are 500', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.option(sequences), (highWater, aws) => {
        const ordinals = nextOrdinals({ highWater, awsHighestSequence: aws });
        expect(ordinals).toHaveLength(candidatesMax);
        expect(ordinals[0]).toBeGreaterThan(highWater);
        expect(ordinals.every((ordinal, n) => ordinal === (ordinals[0] ?? 0) + n)).toBe(true);
      }),
    );
  });

  it('never give a number out again within the 500 that follow it, whatever AWS shows', () => {
    const shows = fc.record({ highest: fc.option(sequences), exists: fc.uniqueArray(sequences) });
    fc.assert(
      fc.property(fc.array(shows, { minLength: 2, maxLength: 60 }), (looks) => {
        const given: number[] = [];
        for (const { highest, exists } of looks) {
          const ordinals = nextOrdinals({
            highWater: given.at(-1) ?? null,
            awsHighestSequence: highest,
          });
          const next = ordinals.find((ordinal) => !exists.includes(sequenceOf(ordinal)));
          if (next !== undefined) given.push(next);
        }
        given.forEach((ordinal, n) => {
          const same = given.slice(0, n).filter((o) => sequenceOf(o) === sequenceOf(ordinal));
          expect(same.every((o) => ordinal - o >= 1000)).toBe(true);
        });
      }),
    );
  });
});
