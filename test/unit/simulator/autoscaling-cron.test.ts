import { nextOccurrence, parseCron } from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';

function next(recurrence: string, after: string, timeZone = 'Etc/UTC'): string | undefined {
  const instant = nextOccurrence(parseCron(recurrence), timeZone, Date.parse(after));
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

describe('a recurrence comes next', () => {
  test.each([
    ['*/15 * * * *', '2026-03-01T10:07:00Z', '2026-03-01T10:15:00.000Z'],
    ['30 6 * * *', '2026-03-01T06:30:00Z', '2026-03-02T06:30:00.000Z'],
    ['0 9 * * MON-FRI', '2026-03-06T09:00:00Z', '2026-03-09T09:00:00.000Z'],
    ['0 0 1 JAN,JUL *', '2026-03-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00.000Z'],
    ['0 12 13 * 5', '2026-03-01T00:00:00Z', '2026-03-06T12:00:00.000Z'],
  ])('%s after %s at %s', (recurrence, after, expected) => {
    expect(next(recurrence, after)).toBe(expected);
  });

  test('by the clock of its time zone, summer and winter', () => {
    expect(next('0 9 * * *', '2026-01-10T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-01-11T08:00:00.000Z',
    );
    expect(next('0 9 * * *', '2026-07-10T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-07-11T07:00:00.000Z',
    );
  });

  test('a day later when the clock leaps over it', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe(
      '2026-03-30T00:30:00.000Z',
    );
  });

  test('never when there is no such day', () => {
    expect(next('0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeUndefined();
  });
});

test.each(['', '* * * *', '60 * * * *', '* * * * * *', '5-1 * * * *', '*/0 * * * *', 'x * * * *'])(
  'the recurrence "%s" is refused',
  (recurrence) => {
    expect(() => parseCron(recurrence)).toThrow(/recurrence/);
  },
);
