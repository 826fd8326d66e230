import {
  areArmsWeighted,
  madeTargetGroup,
  madeTargetGroupName,
  summaryReason,
  targetGroupNameFor,
  type CanaryArm,
} from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const arms: readonly CanaryArm[] = [
  { role: 'other', name: 'old', targetGroupArn: 'old', plannedWeight: 80 },
  { role: 'control', name: 'base', targetGroupArn: 'base', plannedWeight: 10 },
  { role: 'experiment', name: 'new', targetGroupArn: 'new', plannedWeight: 10 },
];

function weights(all: Readonly<Record<string, number>>) {
  return Object.entries(all).map(([targetGroupArn, weight]) => ({
    targetGroupArn,
    weight,
  }));
}

test('shares are as planned whatever the unit, and with others at weight 0', () => {
  expect(areArmsWeighted(arms, weights({ old: 80, base: 10, new: 10 }))).toBe(true);
  expect(areArmsWeighted(arms, weights({ old: 8, base: 1, new: 1 }))).toBe(true);
  expect(areArmsWeighted(arms, weights({ old: 80, base: 10, new: 10, green: 0 }))).toBe(true);
});

test('shares are not as planned with one off, one missing, or somebody else at it', () => {
  expect(areArmsWeighted(arms, weights({ old: 80, base: 10, new: 11 }))).toBe(false);
  expect(areArmsWeighted(arms, weights({ old: 80, base: 10, new: 0 }))).toBe(false);
  expect(areArmsWeighted(arms, weights({ old: 80, base: 10, new: 10, green: 1 }))).toBe(false);
  expect(areArmsWeighted(arms, [])).toBe(false);
});

test('a placeholder says the name of the target group, and an ARN is none', () => {
  expect(madeTargetGroupName(madeTargetGroup('web-v001-canary'))).toBe('web-v001-canary');
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/123';
  expect(madeTargetGroupName(arn)).toBeNull();
});

test('a target group is named after its server group where that fits', () => {
  expect(targetGroupNameFor('web-prod-v001', 'canary')).toBe('web-prod-v001-canary');
});

test('the name of a target group always is one for AWS, and differs where the server groups do', () => {
  const name = fc.string({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), ([one = '', other = '']) => {
      const named = targetGroupNameFor(one, 'canary');
      expect(named).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/);
      expect(targetGroupNameFor(other, 'canary')).not.toBe(named);
    }),
  );
});

test('a summary holds no more than 500 characters of a reason', () => {
  expect(summaryReason('short')).toBe('short');
  expect(summaryReason('x'.repeat(2_000))).toHaveLength(500);
});
