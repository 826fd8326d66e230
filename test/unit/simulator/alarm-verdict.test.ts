import { judge } from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** X breaches, 0 does not, - is missing; the newest is at the right, as in AWS's tables. */
function verdicts(range: string, datapointsToAlarm: number): readonly string[] {
  const values = range
    .split(' ')
    .map((sign) => ({ X: 100, '0': 0 })[sign])
    .toReversed();
  return TREATMENTS.map(
    (treatMissingData) =>
      judge(
        {
          comparison: 'GreaterThanThreshold',
          threshold: 10,
          evaluationPeriods: 3,
          datapointsToAlarm,
          treatMissingData,
        },
        values,
      ) ?? 'stays',
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe('an alarm with missing data goes by the tables of AWS', () => {
  test.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'stays', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'stays', 'ALARM', 'OK']],
  ])('three of three, %s', (range, expected) => {
    expect(verdicts(range, 3)).toEqual(expected);
  });

  test.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  ])('two of three, %s', (range, expected) => {
    expect(verdicts(range, 2)).toEqual(expected);
  });

  test('a single new breach does not raise an alarm that wants two', () => {
    expect(verdicts('- - - - X', 2)[0]).toBe('stays');
  });
});
