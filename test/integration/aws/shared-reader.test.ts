import type { WatchEvent, WatchOptions } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, denied, startBench, textLike, type AwsBench } from './aws-bench.js';

let bench: AwsBench;
let leaving: AbortController;

beforeEach(async () => {
  bench = await startBench({ pollSeconds: 0.1 });
  leaving = new AbortController();
});

afterEach(async () => {
  leaving.abort(new Error('the test is over'));
  await bench.close();
});

function watch(name: string, options: Partial<WatchOptions> = {}): AsyncIterator<WatchEvent> {
  const targetGroupArns = [bench.ground.targetGroupArn];
  const all = { targetGroupArns, wantHealthFrom: 1_000, ...options };
  return bench.region.reader.watch(name, all, leaving.signal)[Symbol.asyncIterator]();
}

async function nextOf(events: AsyncIterator<WatchEvent>): Promise<WatchEvent> {
  const result = await events.next();
  if (result.done === true) throw new Error('The watch has ended.');
  return result.value;
}

async function until(
  events: AsyncIterator<WatchEvent>,
  isIt: (event: WatchEvent) => boolean,
): Promise<WatchEvent> {
  for (let looks = 0; looks < 100; looks += 1) {
    const event = await nextOf(events);
    if (isIt(event)) return event;
  }
  throw new Error('100 looks did not show it.');
}

test('100 watchers cost two calls a look, not a hundred', async () => {
  await bench.makeGroup('web-v000');
  await bench.calls();
  const watchers = Array.from({ length: 100 }, (_, index) =>
    watch(`web-v${String(index).padStart(3, '0')}`),
  );
  const looks = 4;
  const watched = watchers.map(async (events) => {
    const kinds: string[] = [];
    for (let look = 0; look < looks; look += 1) kinds.push((await nextOf(events)).kind);
    return kinds;
  });
  const [first, second] = await Promise.all(watched);
  expect(first).toEqual(Array.from({ length: looks }, () => 'seen'));
  expect(second).toEqual(Array.from({ length: looks }, () => 'vanished'));
  const calls = await bench.calls(/./);
  expect(new Set(calls.map(({ action }) => action))).toEqual(
    new Set(['DescribeAutoScalingGroups']),
  );
  // One look more may have begun when the last watcher took its fourth.
  expect(calls.length).toBeGreaterThanOrEqual(2 * looks);
  expect(calls.length).toBeLessThanOrEqual(2 * (looks + 1));
});

test('reads target health once enough instances are in service, once for all who share a target group', async () => {
  await Promise.all([bench.makeGroup('web-v000', 2), bench.makeGroup('web-v001', 2)]);
  const [one, other] = [
    watch('web-v000', { wantHealthFrom: 2 }),
    watch('web-v001', { wantHealthFrom: 2 }),
  ];
  const early = await Promise.all([nextOf(one), nextOf(other)]);
  expect(early).toMatchObject([{ kind: 'seen', withHealth: false }, { withHealth: false }]);
  expect(await bench.calls(/^DescribeTargetHealth$/)).toEqual([]);
  await bench.advance(60);
  const areBothUp = (event: WatchEvent): boolean =>
    event.kind === 'seen' &&
    event.serverGroup.instances.filter(({ health }) => health === 'Up').length === 2;
  await Promise.all([until(one, areBothUp), until(other, areBothUp)]);
  const calls = await bench.calls(/./);
  const looks = calls.filter(({ action }) => action === 'DescribeAutoScalingGroups').length;
  const health = calls.filter(({ action }) => action === 'DescribeTargetHealth').length;
  expect(health).toBeGreaterThan(0);
  expect(health).toBeLessThanOrEqual(looks);
});

test('tells of a throttled look and heals by itself', async () => {
  await bench.makeGroup('web-v000');
  await bench.fault({
    match: { action: 'DescribeAutoScalingGroups' },
    effect: { kind: 'throttle' },
    times: 1,
  });
  const events = watch('web-v000');
  expect(await nextOf(events)).toMatchObject({
    kind: 'trouble',
    error: { code: 'AWS_THROTTLED' },
    nextLookAt: textLike(/^\d{4}-/),
  });
  expect(await nextOf(events)).toMatchObject({ kind: 'seen' });
});

test('throws what a repeat cannot heal', async () => {
  await bench.makeGroup('web-v000');
  await bench.fault({ match: { action: 'DescribeAutoScalingGroups' }, effect: denied });
  await expect(nextOf(watch('web-v000'))).rejects.toMatchObject({ code: 'AWS_DENIED' });
});

test('shows a group that vanishes as vanished', async () => {
  await bench.makeGroup('web-v000');
  const events = watch('web-v000');
  await nextOf(events);
  await bench.region.deleteAutoScalingGroup({ serverGroup: 'web-v000', force: true }, asWrite);
  await bench.advance(300);
  expect(await until(events, ({ kind }) => kind === 'vanished')).toBeDefined();
});

test('gives a joiner a look that began after it joined, also while another look hangs', async () => {
  await bench.makeGroup('web-v000');
  await bench.fault({
    match: { action: 'DescribeAutoScalingGroups' },
    effect: { kind: 'hold' },
    times: 1,
  });
  const early = nextOf(watch('web-v000'));
  const held = await bench.nextHold();
  await bench.region.suspendProcesses('web-v000', ['Launch'], asWrite);
  const late = await nextOf(watch('web-v000'));
  expect(late).toMatchObject({ kind: 'seen', serverGroup: { suspendedProcesses: ['Launch'] } });
  await bench.release(held);
  expect(await early).toMatchObject({ kind: 'seen' });
});

test('ends with the reason of the signal, and reads no more once nobody watches', async () => {
  await bench.makeGroup('web-v000');
  const events = watch('web-v000');
  await nextOf(events);
  const reason = new Error('cancelled');
  const pending = nextOf(events);
  leaving.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await bench.calls(/./);
  const other = await bench.region.describeServerGroups(['web-v000'], asWrite);
  expect(other).toHaveLength(1);
  expect(await bench.calls(/./)).toHaveLength(1);
});
