import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCannedAws, type CannedAws } from './canned-replies.js';

const applied = 'ServiceQuotasV20190624.GetServiceQuota';
let canned: CannedAws;

beforeEach(async () => {
  canned = await startCannedAws();
});

afterEach(async () => {
  await canned.close();
});

const read = () => canned.region.getTargetsPerTargetGroupMax({ priority: 'screen' });

test('a quota without a value is not taken for none: AWS says why it has none', async () => {
  const ErrorReason = { ErrorCode: 'DEPENDENCY_THROTTLING_ERROR', ErrorMessage: 'ELB is busy' };
  canned.replies[applied] = JSON.stringify({ Quota: { QuotaCode: 'L-A0D0B863', ErrorReason } });
  await expect(read()).rejects.toMatchObject({
    code: 'AWS_UNAVAILABLE',
    message: 'AWS told no value of quota elasticloadbalancing/L-A0D0B863: ELB is busy.',
  });
});

test('a quota of zero is zero', async () => {
  canned.replies[applied] = JSON.stringify({ Quota: { Value: 0 } });
  expect(await read()).toBe(0);
});
