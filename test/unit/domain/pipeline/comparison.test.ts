import { compare, comparisonOperators, operationKey } from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('comparisons', () => {
  it('follow the order of numbers and of strings', () => {
    expect(comparisonOperators.map((operator) => compare(1, operator, 2))).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(comparisonOperators.map((operator) => compare('b', operator, 'a'))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it('never equate or order values of different types', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...comparisonOperators), (number, operator) => {
        expect(compare(String(number), operator, number)).toBe(operator === '!=');
      }),
    );
  });

  it('answer for every value, present or not', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.constant(undefined)),
        fc.constantFrom(...comparisonOperators),
        fc.oneof(fc.string(), fc.double(), fc.boolean()),
        (left, operator, right) => {
          expect(typeof compare(left as never, operator, right)).toBe('boolean');
          expect(compare(left as never, '==', right)).toBe(!compare(left as never, '!=', right));
        },
      ),
    );
  });
});

describe('operation keys', () => {
  it('are equal only for the same operation', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9%/:._-]{0,6}$/);
    const identity = fc.record({
      executionId: part,
      stage: part,
      attempt: fc.integer({ min: 1, max: 9 }),
      step: part,
      target: part,
    });
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(operationKey(one) === operationKey(other)).toBe(same);
      }),
    );
  });
});
