import {
  PollingReader,
  type CallOptions,
  type LookReads,
  type TargetHealthEntry,
  type ServerGroupDetails,
  type WatchEvent,
  type WatchOptions,
} from '@gennaker/aws';
import { GennakerError, type InstanceView } from '@gennaker/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

const drainSeconds = 120;

/** Counts reads; every group whose name begins with `web` is there. */
function makeReads() {
  const described: (readonly string[])[] = [];
  const priorities: string[] = [];
  const drainsRead: string[] = [];
  let targets: readonly TargetHealthEntry[] = [];
  let instances: readonly InstanceView[] = [];
  let failing: GennakerError | undefined;
  const reads: LookReads = {
    describeServerGroups: async (names, options: CallOptions) => {
      described.push(names);
      priorities.push(options.priority);
      if (failing !== undefined) throw failing;
      return names
        .filter((name) => name.startsWith('web'))
        .map(groupNamed)
        .map((group) => ({ ...group, view: { ...group.view, instances } }));
    },
    describeInstances: async () => [],
    describeTargetHealth: async () => targets,
    describeDrainSeconds: async (arn) => {
      drainsRead.push(arn);
      return drainSeconds;
    },
  };
  return {
    reads,
    described,
    priorities,
    drainsRead,
    fail: (error?: GennakerError) => void (failing = error),
    /** Instances in service, with these states as targets of the group `blue`. */
    setTargets: (...states: readonly string[]) => {
      const ids = states.map((_state, index) => `i-${index}`);
      instances = ids.map(inService);
      targets = states.map((state, index) => ({
        targetGroupArn: 'blue',
        instanceId: `i-${index}`,
        state,
      }));
    },
  };
}

function inService(instanceId: string): InstanceView {
  return {
    instanceId,
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [],
    health: 'Unknown',
  };
}

function groupNamed(name: string): ServerGroupDetails {
  return {
    view: {
      name,
      arn: `arn:${name}`,
      createdAt: '2026-01-01T00:00:00.000Z',
      capacity: { min: 0, desired: 0, max: 0 },
      enabled: true,
      deleting: false,
      suspendedProcesses: [],
      targetGroupArns: [],
      imageId: null,
      instances: [],
      owner: null,
    },
    settings: {
      launch: { kind: 'none' },
      subnetIds: [],
      availabilityZones: [],
      targetGroupArns: [],
      healthCheckType: 'EC2',
      healthCheckGraceSeconds: 0,
      defaultInstanceWarmupSeconds: null,
      cooldownSeconds: 300,
      terminationPolicies: [],
      tags: [],
      carriedOver: { members: {}, mixedInstances: null, enabledMetrics: [], warmPool: null },
      notCarriedOver: [],
    },
    tags: {},
  };
}

function readerOn(reads: LookReads): PollingReader {
  return new PollingReader({
    reads,
    pollSeconds: 5,
    now: () => Date.now(),
    awsNow: () => null,
    liveWorkers: () => 1,
  });
}

/** Starts a watch and keeps what it tells. */
function follow(reader: PollingReader, name: string, vary: Partial<WatchOptions> = {}) {
  const leaving = new AbortController();
  const events: WatchEvent[] = [];
  const options = { targetGroupArns: [], wantHealthFrom: 1, ...vary };
  const ended = (async () => {
    for await (const event of reader.watch(name, options, leaving.signal)) events.push(event);
  })().catch((error: unknown) => error);
  return { events, ended, leave: () => leaving.abort(new Error('left')) };
}

test('watchers who join at different times soon share one look a period', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  for (let index = 0; index < 20; index += 1) {
    follow(reader, `web-v${index}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(described).toHaveLength(20);
  await vi.advanceTimersByTimeAsync(10_000);
  described.length = 0;
  await vi.advanceTimersByTimeAsync(50_000);
  expect(described.map((names) => names.length)).toEqual(Array.from({ length: 10 }, () => 20));
  reader.close();
});

test('cuts the names of one look into chunks of 50', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  for (let index = 0; index < 120; index += 1) follow(reader, `web-v${index}`);
  await vi.advanceTimersByTimeAsync(0);
  expect(described.map((names) => names.length)).toEqual([50, 50, 20]);
  reader.close();
});

test('a name that many watch is read once', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  const all = Array.from({ length: 30 }, () => follow(reader, 'web-v000'));
  await vi.advanceTimersByTimeAsync(0);
  expect(described).toEqual([['web-v000']]);
  expect(all.every(({ events }) => events.length === 1)).toBe(true);
  reader.close();
});

test('looks half as often at what is watched for more than ten minutes', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  follow(reader, 'web-old');
  await vi.advanceTimersByTimeAsync(601_000);
  follow(reader, 'web-new');
  await vi.advanceTimersByTimeAsync(14_000);
  described.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  const looksAt = (name: string): number =>
    described.filter((names) => names.includes(name)).length;
  expect([looksAt('web-new'), looksAt('web-old')]).toEqual([12, 6]);
  // The old one's looks are among the new one's: they cost nothing of their own.
  expect(described).toHaveLength(12);
  reader.close();
});

test('looks with the priority of its most urgent watcher', async () => {
  const { reads, priorities } = makeReads();
  const reader = readerOn(reads);
  follow(reader, 'web-v000');
  follow(reader, 'web-v001', { priority: 'undo' });
  await vi.advanceTimersByTimeAsync(0);
  expect(priorities).toEqual(['undo']);
  reader.close();
});

test('backs off while looks fail, tells when the next one is, and is back on time once healed', async () => {
  const { reads, described, fail } = makeReads();
  const reader = readerOn(reads);
  fail(new GennakerError('AWS_UNAVAILABLE', 'no answer'));
  const { events } = follow(reader, 'web-v000');
  await vi.advanceTimersByTimeAsync(200_000);
  const troubles = described.length;
  expect(troubles).toBeGreaterThan(4);
  expect(troubles).toBeLessThan(12);
  expect(events.every(({ kind }) => kind === 'trouble')).toBe(true);
  const next = Date.parse(events.at(-1)?.nextLookAt ?? '');
  expect(next).toBeGreaterThan(Date.now());
  fail();
  await vi.advanceTimersByTimeAsync(next - Date.now());
  expect(events.at(-1)?.kind).toBe('seen');
  described.length = 0;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(described).toHaveLength(4);
  reader.close();
});

test('closing ends every watch, and no look follows', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  const { ended } = follow(reader, 'web-v000');
  await vi.advanceTimersByTimeAsync(0);
  reader.close();
  expect(await ended).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  described.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(described).toEqual([]);
});

test('a watcher that leaves is not looked for any more', async () => {
  const { reads, described } = makeReads();
  const reader = readerOn(reads);
  const { leave, ended } = follow(reader, 'web-v000');
  await vi.advanceTimersByTimeAsync(0);
  leave();
  await ended;
  described.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(described).toEqual([]);
});

test('the eager get early looks, marked as such, and those who joined with them keep their own', async () => {
  const { reads } = makeReads();
  const reader = readerOn(reads);
  const eager = follow(reader, 'web-v000', { eager: true });
  const patient = follow(reader, 'web-v001');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(eager.events).toHaveLength(9);
  expect(eager.events.filter(({ extra }) => !extra)).toHaveLength(3);
  expect(patient.events.map(({ extra }) => extra)).toEqual([false, false, false]);
  reader.close();
});

test('what drains is looked at when its time is over, by a delay that is read once', async () => {
  const { reads, drainsRead, setTargets } = makeReads();
  const reader = readerOn(reads);
  setTargets('draining', 'draining');
  const options = { eager: true, wantHealthFrom: 0, targetGroupArns: ['blue'] };
  await vi.advanceTimersByTimeAsync(2_200);
  const { events, leave } = follow(reader, 'web-v000', options);
  await vi.advanceTimersByTimeAsync(drainSeconds * 1_000 - 1);
  const before = events.length;
  await vi.advanceTimersByTimeAsync(1);
  expect(events.length).toBe(before + 1);
  expect(events.at(-1)?.extra).toBe(true);
  // Regular ones, the first, and the early one before the delay was known.
  expect(before).toBeLessThanOrEqual(drainSeconds / 5 + 2);
  leave();
  follow(reader, 'web-v001', options);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(drainsRead).toEqual(['blue']);
  reader.close();
});

test('with many target groups under watch nobody gets early looks', async () => {
  const { reads, setTargets } = makeReads();
  const reader = readerOn(reads);
  setTargets('initial');
  const followed = Array.from({ length: 17 }, (_, index) =>
    follow(reader, `web-v0${index + 10}`, { eager: true, targetGroupArns: [`arn-${index}`] }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(followed.map(({ events }) => events.length)).toEqual(Array.from({ length: 17 }, () => 3));
  reader.close();
});
