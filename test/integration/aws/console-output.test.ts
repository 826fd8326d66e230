import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { GennakerError } from '@gennaker/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, denied, startBench, type AwsBench } from './aws-bench.js';

let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

/** An instance that runs. */
async function instanceOf(name: string, settings: object = {}): Promise<string> {
  await bench.makeGroup(name, 1, settings);
  await bench.advance(30);
  const { AutoScalingGroups: groups } = await bench.bare.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return groups?.[0]?.Instances?.[0]?.InstanceId ?? '';
}

async function outcomeOf(read: Promise<unknown>): Promise<GennakerError> {
  return await read.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: GennakerError) => error,
  );
}

test('reads the latest of a Nitro type in plain text, with its time', async () => {
  const id = await instanceOf('web-v000');
  const { text, at, instanceId, isWhole } = await bench.region.getConsoleOutput(id, asWrite);
  expect(instanceId).toBe(id);
  expect(text.split('\n')[0]).toContain('Linux version');
  expect(text).not.toContain('\r');
  expect(Date.parse(at ?? '')).not.toBeNaN();
  expect(isWhole).toBe(true);
});

test('of another type reads what was posted, and nothing before it was', async () => {
  const id = await instanceOf('web-v000');
  await bench.calls(/./);
  await bench.fault({
    match: { action: 'GetConsoleOutput' },
    effect: {
      kind: 'error',
      code: 'UnsupportedOperation',
      status: 400,
      message: 'This instance type does not support retrieving the latest console logs.',
    },
    times: 1,
  });
  expect((await bench.region.getConsoleOutput(id, asWrite)).text).toBe('');
  const calls = await bench.calls(/^GetConsoleOutput$/);
  expect(calls.map(({ input }) => input['Latest'])).toEqual([true, false]);
  await bench.advance(300);
  await bench.fault({
    match: { action: 'GetConsoleOutput' },
    effect: { kind: 'error', code: 'UnsupportedOperation', status: 400, message: 'no' },
    times: 1,
  });
  expect((await bench.region.getConsoleOutput(id, asWrite)).text).toContain('Linux version');
});

test('of an instance that is not there is not found', async () => {
  const read = bench.region.getConsoleOutput('i-0123456789abcdef0', asWrite);
  expect(await outcomeOf(read)).toMatchObject({ code: 'AWS_NOT_FOUND' });
});

test('denied and throttled are told as such', async () => {
  const id = await instanceOf('web-v000');
  const action = 'GetConsoleOutput';
  await bench.fault({ match: { action }, effect: { kind: 'throttle' }, times: 1 });
  expect(await outcomeOf(bench.region.getConsoleOutput(id, asWrite))).toMatchObject({
    code: 'AWS_THROTTLED',
  });
  await bench.fault({ match: { action }, effect: denied });
  expect(await outcomeOf(bench.region.getConsoleOutput(id, asWrite))).toMatchObject({
    code: 'AWS_DENIED',
  });
});
