import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import type { FaultRule, LedgerEntry } from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  clientSettings,
  describeGroup,
  errorOf,
  groupInService,
  groupOf,
  instanceIds,
  type StandIn,
} from './stand-in.js';
import { instantOf } from './watched.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

async function addFault(rule: object): Promise<FaultRule> {
  const { status, body } = await standIn.control<FaultRule>('POST', '/faults', rule);
  expect(status).toBe(200);
  return body;
}

async function ledger(): Promise<readonly LedgerEntry[]> {
  return (await standIn.control<{ calls: LedgerEntry[] }>('GET', '/ledger?since=0')).body.calls;
}

const create = async (name = 'web-v000'): Promise<unknown> =>
  standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0, name)));
const describeVpcs = async (): Promise<unknown> => standIn.ec2.send(new DescribeVpcsCommand({}));
const creation = { service: 'autoscaling', action: 'CreateAutoScalingGroup' };

test('a truncated answer breaks off after the effect', async () => {
  const rule = await addFault({
    match: creation,
    effect: { kind: 'truncate', bytes: 20 },
    times: 1,
  });
  expect(rule.point).toBe('after');
  expect(await errorOf(create())).not.toBe('none');
  expect((await ledger()).at(-1)).toMatchObject({ executed: true, faultIds: [rule.id] });
  expect(await describeGroup(standIn)).toBeDefined();
});

test('a connection that is ended without an answer is an error, with no effect before it', async () => {
  await addFault({ match: creation, effect: { kind: 'close' }, times: 1 });
  expect(await errorOf(create())).not.toBe('none');
  expect((await ledger()).at(-1)).toMatchObject({ executed: false, status: 0 });
  expect(await errorOf(create())).toBe('none');
});

test('a call that is never answered ends when its caller gives up', async () => {
  await addFault({ match: creation, point: 'after', effect: { kind: 'silence' }, times: 1 });
  const given = AbortSignal.timeout(300);
  const call = standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0)), {
    abortSignal: given,
  });
  expect(await errorOf(call)).toMatch(/^AbortError/);
  expect((await ledger()).at(-1)).toMatchObject({ executed: true, status: 0 });
});

test('a stale read sees instances as they were', async () => {
  await groupInService(standIn, ground);
  const ids = await instanceIds(standIn);
  await standIn.advance(5);
  const find = async () => standIn.ec2.send(new DescribeInstancesCommand({}));
  const effect = { kind: 'stale', ageSeconds: 40 };
  await addFault({ match: { action: 'DescribeInstances' }, effect, times: 1 });
  expect((await find()).Reservations).toEqual([]);
  expect((await find()).Reservations).toHaveLength(ids.length);
});

describe('denied actions come in the words of each service', () => {
  test.each([
    ['ec2', () => describeVpcs(), /^UnauthorizedOperation: .*ec2:DescribeVpcs/],
    ['autoscaling', () => create(), /^AccessDenied: .*autoscaling:CreateAutoScalingGroup/],
    [
      'ssm',
      async () => {
        const ssm = new SSMClient(clientSettings(standIn.running.url, '111111111111'));
        return ssm.send(new GetParameterCommand({ Name: '/a' })).finally(() => ssm.destroy());
      },
      /^AccessDeniedException: .*ssm:GetParameter/,
    ],
  ])('%s', async (service, call, message) => {
    await addFault({ match: { service }, effect: { kind: 'deny' } });
    expect(await errorOf(call())).toMatch(message);
  });
});

describe('token buckets', () => {
  test('throttle only what finds them empty, and fill up with simulated time', async () => {
    const effect = { kind: 'bucket', capacity: 3, refillPerSecond: 1 };
    const rule = await addFault({ match: { service: 'ec2' }, effect });
    const errors: string[] = [];
    for (let call = 0; call < 5; call += 1) errors.push(await errorOf(describeVpcs()));
    expect(errors.map((error) => error.split(':')[0])).toEqual([
      'none',
      'none',
      'none',
      'RequestLimitExceeded',
      'RequestLimitExceeded',
    ]);
    await standIn.advance(2);
    expect(await errorOf(describeVpcs())).toBe('none');
    const fired = (await ledger()).filter(({ faultIds }) => faultIds.includes(rule.id));
    expect(fired).toHaveLength(2);
  });

  test('of AWS: forty calls to ELB at once, then ten a second', async () => {
    await addFault({ effect: { kind: 'bucket' } });
    const describeGroups = async () =>
      errorOf(standIn.elb.send(new DescribeTargetGroupsCommand({})));
    const burst = async (count: number): Promise<number> => {
      let passed = 0;
      for (let call = 0; call < count; call += 1)
        if ((await describeGroups()) === 'none') passed += 1;
      return passed;
    };
    expect(await burst(50)).toBe(40);
    await standIn.advance(1);
    expect(await burst(20)).toBe(10);
    expect(await errorOf(describeVpcs())).toBe('none');
  });
});

describe('a rule strikes', () => {
  const denied = { kind: 'error', code: 'Denied' };

  test('only in its window of time', async () => {
    const now = await instantOf(standIn);
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    await addFault({ match: { from: at(60), until: at(120) }, effect: denied });
    expect(await errorOf(describeVpcs())).toBe('none');
    await standIn.advance(60);
    expect(await errorOf(describeVpcs())).toMatch(/^Denied/);
    await standIn.advance(60);
    expect(await errorOf(describeVpcs())).toBe('none');
  });

  test('the same of its calls for the same seed', async () => {
    const pattern = async (seed: string): Promise<string> => {
      const rule = await addFault({
        match: { action: 'DescribeVpcs', probability: 0.5, seed },
        effect: denied,
      });
      let struck = '';
      for (let call = 0; call < 20; call += 1)
        struck += (await errorOf(describeVpcs())) === 'none' ? '.' : 'x';
      await standIn.control('DELETE', `/faults/${rule.id}`);
      return struck;
    };
    const first = await pattern('one');
    expect(await pattern('one')).toBe(first);
    expect(await pattern('two')).not.toBe(first);
  });
});

describe('somebody else', () => {
  const change = (input: object) => ({
    kind: 'operation',
    service: 'autoscaling',
    action: 'UpdateAutoScalingGroup',
    input,
  });

  test('changes a group right before our call, and the ledger has both', async () => {
    await create();
    const rule = await addFault({
      match: { action: 'DescribeAutoScalingGroups' },
      effect: change({ AutoScalingGroupName: 'web-v000', MaxSize: 7 }),
      times: 1,
    });
    expect((await describeGroup(standIn))?.MaxSize).toBe(7);
    const calls = (await ledger()).slice(-2);
    expect(calls.map(({ action, faultIds }) => [action, faultIds])).toEqual([
      ['UpdateAutoScalingGroup', [rule.id]],
      ['DescribeAutoScalingGroups', [rule.id]],
    ]);
  });

  test('may take the group away that our call names', async () => {
    await create();
    await addFault({
      match: { action: 'SuspendProcesses' },
      effect: {
        kind: 'operation',
        service: 'autoscaling',
        action: 'DeleteAutoScalingGroup',
        input: { AutoScalingGroupName: '$AutoScalingGroupName' },
      },
      times: 1,
    });

    await errorOf(
      standIn.autoScaling.send(new SuspendProcessesCommand({ AutoScalingGroupName: 'web-v000' })),
    );
    await standIn.advance(10);
    expect(await describeGroup(standIn)).toBeUndefined();
  });

  test('that is refused changes nothing and harms no call', async () => {
    await addFault({
      match: { action: 'DescribeAutoScalingGroups' },
      effect: change({ AutoScalingGroupName: 'none', MaxSize: 7 }),
    });
    const call = standIn.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(await errorOf(call)).toBe('none');
    expect((await ledger()).at(-2)).toMatchObject({
      executed: false,
      errorCode: 'ValidationError',
    });
  });
});

test.each([
  [{ effect: { kind: 'truncate', bytes: 1 }, point: 'before' }, '/point'],
  [{ effect: { kind: 'stale', ageSeconds: 61 } }, '/effect/ageSeconds'],
  [{ effect: { kind: 'bucket', capacity: 1 } }, '/effect/refillPerSecond'],
  [{ effect: { kind: 'operation', service: 's3', action: 'Put', input: {} } }, '/effect/action'],
  [{ effect: { kind: 'deny' }, match: { from: 'tomorrow' } }, '/match/from'],
])('the rule %j is refused where it is wrong', async (rule, pointer) => {
  const { status, body } = await standIn.control('POST', '/faults', rule);
  expect(status).toBe(400);
  expect(body).toMatchObject({ pointer });
});

describe('a call that arrives twice', () => {
  const twice = async (point: string) =>
    addFault({ match: creation, point, effect: { kind: 'duplicate' }, times: 1 });
  const attempts = async () =>
    (await ledger())
      .filter(({ action }) => action === creation.action)
      .toSorted((a, b) => a.n - b.n)
      .map(({ executed, errorCode }) => [executed, errorCode]);

  test('overtaken by its double it finds what that has made', async () => {
    await twice('before');
    expect(await errorOf(create())).toMatch(/^AlreadyExists/);
    expect(await attempts()).toEqual([
      [false, 'AlreadyExists'],
      [true, undefined],
    ]);
  });

  test('followed by its double it is answered as ever', async () => {
    await twice('after');
    expect(await errorOf(create())).toBe('none');
    expect(await attempts()).toEqual([
      [true, undefined],
      [false, 'AlreadyExists'],
    ]);
  });
});
