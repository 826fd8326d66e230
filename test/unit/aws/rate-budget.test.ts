import { RateBudget, type CallPriority } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function makeBudget(workers = 1): RateBudget {
  return new RateBudget({ nowMs: () => performance.now(), liveWorkers: () => workers });
}

const autoScaling = { service: 'autoscaling', action: 'DescribeAutoScalingGroups' } as const;

/** Asks for a turn for each of the priorities at once; the list that is returned grows as they are given. */
function ask(budget: RateBudget, priorities: readonly CallPriority[]): CallPriority[] {
  const got: CallPriority[] = [];
  for (const priority of priorities) {
    void budget.turn({ ...autoScaling, priority }).then(() => got.push(priority));
  }
  return got;
}

function waits(count: number): readonly CallPriority[] {
  return Array.from({ length: count }, () => 'wait' as const);
}

test('lets a burst through at once and then keeps the rate', async () => {
  const got = ask(makeBudget(), waits(100));
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toHaveLength(40);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(got).toHaveLength(80);
});

test.each([
  ['DescribeAlarms', 9],
  ['PutMetricAlarm', 3],
  ['DeleteAlarms', 3],
  ['ListTagsForResource', 10],
  ['GetMetricData', 50],
])('CloudWatch takes %s %i times a second', async (action, perSecond) => {
  const budget = makeBudget();
  let given = 0;
  const turn = { service: 'monitoring', action, priority: 'write' } as const;
  for (let calls = 0; calls < 3 * perSecond; calls += 1) {
    void budget.turn(turn).then(() => (given += 1));
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(given).toBe(perSecond);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(given).toBe(2 * perSecond);
});

test.each(['GetServiceQuota', 'GetAWSDefaultServiceQuota'])(
  'Service Quotas takes %s 5 times a second, and 5 times more at once',
  async (action) => {
    const budget = makeBudget();
    let given = 0;
    const turn = { service: 'servicequotas', action, priority: 'screen' } as const;
    for (let calls = 0; calls < 20; calls += 1) void budget.turn(turn).then(() => (given += 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(given).toBe(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(given).toBe(15);
  },
);

test('metrics are read while alarms wait for their turn', async () => {
  const budget = makeBudget();
  const turn = { service: 'monitoring', priority: 'write' } as const;
  for (let calls = 0; calls < 20; calls += 1) {
    void budget.turn({ ...turn, action: 'DescribeAlarms' });
    void budget.turn({ ...turn, action: 'PutMetricAlarm' });
  }
  await expect(budget.turn({ ...turn, action: 'GetMetricData' })).resolves.toBeUndefined();
});

test('four workers have a quarter of the burst and of the rate each', async () => {
  const got = ask(makeBudget(4), waits(100));
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toHaveLength(10);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(got).toHaveLength(20);
});

test('gives the next turn to the most urgent, whoever came first', async () => {
  const budget = makeBudget();
  ask(budget, waits(40));
  const got = ask(budget, ['screen', 'wait', 'write', 'undo']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got).toEqual(['undo', 'write', 'wait', 'screen']);
});

test('gives a screen its turn within seconds, however many waits follow one another', async () => {
  const budget = makeBudget();
  ask(budget, waits(40));
  const got = ask(budget, ['screen']);
  // Ten a second where eight may go: the line never ends.
  const crowding = setInterval(() => ask(budget, ['wait']), 100);
  await vi.advanceTimersByTimeAsync(900);
  expect(got).toEqual([]);
  await vi.advanceTimersByTimeAsync(600);
  expect(got).toEqual(['screen']);
  clearInterval(crowding);
});

test('a screen that has waited long stands behind writes and undos all the same', async () => {
  const budget = makeBudget();
  ask(budget, waits(40));
  const urgent = ['write', 'undo'] as const;
  ask(
    budget,
    Array.from({ length: 60 }, (_, index) => urgent[index % 2] ?? 'write'),
  );
  const got = ask(budget, ['screen']);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(got).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got).toEqual(['screen']);
});

test('halves the rate on a throttle and wins it back', async () => {
  const budget = makeBudget();
  budget.throttled(autoScaling.service, autoScaling.action);
  // Calls that were in flight together are throttled together: that is one sign, not three.
  budget.throttled(autoScaling.service, autoScaling.action);
  budget.throttled(autoScaling.service, autoScaling.action);
  const got = ask(budget, waits(500));
  await vi.advanceTimersByTimeAsync(2_000);
  const slow = got.length;
  expect(slow).toBeGreaterThanOrEqual(8);
  expect(slow).toBeLessThanOrEqual(10);
  await vi.advanceTimersByTimeAsync(18_000);
  const before = got.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(got.length - before).toBe(80);
});

test('target registrations do not hold up reads of the same service', async () => {
  const budget = makeBudget();
  const got: string[] = [];
  const turn = (action: string): void =>
    void budget
      .turn({ service: 'elasticloadbalancing', action, priority: 'write' })
      .then(() => got.push(action));
  for (let index = 0; index < 25; index += 1) turn('RegisterTargets');
  turn('DescribeTargetHealth');
  await vi.advanceTimersByTimeAsync(0);
  expect(got.filter((action) => action === 'RegisterTargets')).toHaveLength(20);
  expect(got.at(-1)).toBe('DescribeTargetHealth');
});

test('gives up after a minute, and at once when its caller does', async () => {
  const budget = makeBudget(1_000);
  await budget.turn({ ...autoScaling, priority: 'undo' });
  const leaving = new AbortController();
  const reason = new Error('cancelled');
  const left = budget.turn({ ...autoScaling, priority: 'undo', signal: leaving.signal });
  const bored = budget.turn({ ...autoScaling, priority: 'screen' });
  leaving.abort(reason);
  await expect(left).rejects.toBe(reason);
  const refusal = bored.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await refusal).toMatchObject({ code: 'AWS_THROTTLED' });
});
