import { createAws, type CallMeasure } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, textLike, type AwsBench } from './aws-bench.js';
import { region } from './aws-ground.js';

let bench: AwsBench;
let measures: CallMeasure[];

beforeEach(async () => {
  measures = [];
  bench = await startBench({ counter: (measure) => void measures.push(measure) });
});

afterEach(async () => {
  await bench.close();
});

const role = 'arn:aws:iam::222222222222:role/deployer';

function withRole() {
  return createAws({
    accounts: [{ name: 'other', accountId: '222222222222', regions: [region], roleArn: role }],
    endpoint: bench.url,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'unused' },
    pollSeconds: 1,
  });
}

test('works in another account through its role, assumed once a service', async () => {
  const aws = withRole();
  const other = aws.region('other', region);
  await bench.calls();
  await Promise.all([
    other.describeServerGroups(['web-v000'], asWrite),
    other.describeServerGroups(['web-v001'], asWrite),
  ]);
  await other.describeSubnets(['subnet-1'], asWrite);
  aws.close();
  const calls = await bench.calls(/./);
  const work = calls.filter(({ action }) => action !== 'AssumeRole');
  expect(new Set(work.map(({ account }) => account))).toEqual(new Set(['222222222222']));
  expect(calls.filter(({ action }) => action === 'AssumeRole').length).toBeLessThanOrEqual(2);
});

test('says which role may not be assumed', async () => {
  const aws = withRole();
  const message = `User: arn:aws:iam::111111111111:root is not authorized to perform: sts:AssumeRole on resource: ${role}`;
  const effect = { kind: 'error', code: 'AccessDenied', status: 403, message };
  await bench.fault({ match: { action: 'AssumeRole' }, effect });
  const refused = aws.region('other', region).describeServerGroups(['web-v000'], asWrite);
  await expect(refused).rejects.toMatchObject({
    code: 'AWS_DENIED',
    message: textLike(/may not sts:AssumeRole/),
  });
  aws.close();
});

test('names what is configured when an account or region is not', () => {
  expect(() => bench.aws.region('staging', region)).toThrow(/Configured: prod/);
  expect(() => bench.aws.region('prod', 'us-east-1')).toThrow(new RegExp(`Configured: ${region}`));
  expect(bench.aws.region('prod', region)).toBe(bench.region);
});

test('counts each call with its outcome, and sends a failed one only once', async () => {
  await bench.fault({
    match: { action: 'DescribeSubnets' },
    effect: { kind: 'error', code: 'InternalError', status: 500 },
  });
  const failed = bench.region.describeSubnets(['subnet-1'], asWrite);
  await expect(failed).rejects.toMatchObject({
    code: 'AWS_UNAVAILABLE',
    details: { httpStatus: 500, requestId: textLike(/./), service: 'ec2' },
  });
  expect(await bench.calls(/^DescribeSubnets$/)).toHaveLength(1);
  expect(measures).toMatchObject([
    { account: 'prod', service: 'ec2', action: 'DescribeSubnets', outcome: 'AWS_UNAVAILABLE' },
  ]);
});

test('ends a call that hangs when its caller gives up, with the reason of the caller', async () => {
  await bench.fault({ match: { action: 'DescribeSubnets' }, effect: { kind: 'hold' } });
  const leaving = new AbortController();
  const hanging = bench.region.describeSubnets(['subnet-1'], {
    ...asWrite,
    signal: leaving.signal,
  });
  await bench.nextHold();
  const reason = new Error('the deadline has come');
  leaving.abort(reason);
  await expect(hanging).rejects.toBe(reason);
});
