import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { FaultRule, Hold, LedgerEntry } from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, errorOf, groupOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

async function addFault(rule: object): Promise<FaultRule> {
  return (await standIn.control<FaultRule>('POST', '/faults', rule)).body;
}

async function create(name = 'web-v000'): Promise<unknown> {
  return standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0, name)));
}

async function lastCall(): Promise<LedgerEntry | undefined> {
  const { body } = await standIn.control<{ calls: LedgerEntry[] }>('GET', '/ledger?since=0');
  return body.calls.at(-1);
}

const creation = { service: 'autoscaling', action: 'CreateAutoScalingGroup' };

describe('an error', () => {
  test('before the effect leaves nothing behind and passes once', async () => {
    const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not you' };
    const rule = await addFault({ match: creation, effect, times: 1 });
    expect(await errorOf(create())).toBe('AccessDenied: not you');
    expect(await lastCall()).toMatchObject({
      executed: false,
      status: 403,
      errorCode: 'AccessDenied',
      faultIds: [rule.id],
    });
    expect(await describeGroup(standIn)).toBeUndefined();
    expect(await errorOf(create())).toBe('none');
  });

  test('after the effect hides that it has happened', async () => {
    await addFault({
      match: creation,
      point: 'after',
      effect: { kind: 'error', code: 'InternalFailure', status: 500 },
      times: 1,
    });
    expect(await errorOf(create())).toMatch(/^InternalFailure/);
    expect(await lastCall()).toMatchObject({ executed: true, status: 500 });
    expect(await errorOf(create())).toMatch(/^AlreadyExistsFault/);
  });
});

test('a reset after the effect loses the reply', async () => {
  await addFault({ match: creation, point: 'after', effect: { kind: 'reset' }, times: 1 });
  expect(await errorOf(create())).toMatch(/ECONNRESET|socket hang up/);
  expect(await lastCall()).toMatchObject({ executed: true, status: 0 });
  expect(await describeGroup(standIn)).toBeDefined();
});

test('a reset before the effect leaves nothing behind', async () => {
  await addFault({ match: creation, point: 'before', effect: { kind: 'reset' }, times: 1 });
  expect(await errorOf(create())).toMatch(/ECONNRESET|socket hang up/);
  expect(await describeGroup(standIn)).toBeUndefined();
});

test('throttling comes in the words of each service', async () => {
  await addFault({ effect: { kind: 'throttle' } });
  expect(await errorOf(create())).toBe('Throttling: Rate exceeded');
  expect(await errorOf(standIn.ec2.send(new DescribeVpcsCommand({})))).toBe(
    'RequestLimitExceeded: Request limit exceeded.',
  );
});

async function nextHold(): Promise<Hold | undefined> {
  return (await standIn.control<{ hold: Hold }>('GET', '/holds/next?timeoutSeconds=10')).body.hold;
}

describe('a hold', () => {
  test('before the effect keeps the call open until it is released', async () => {
    await addFault({ match: creation, effect: { kind: 'hold' }, times: 1 });
    const told = nextHold();
    const creating = errorOf(create());
    const hold = await told;
    expect(hold?.call).toMatchObject({
      action: 'CreateAutoScalingGroup',
      resources: expect.arrayContaining(['web-v000']) as unknown,
    });
    expect(await describeGroup(standIn)).toBeUndefined();
    await standIn.control('POST', `/holds/${hold?.id}/release`);
    expect(await creating).toBe('none');
    expect(await describeGroup(standIn)).toBeDefined();
  });

  test('after the effect can end in a lost reply', async () => {
    await addFault({ match: creation, point: 'after', effect: { kind: 'hold' }, times: 1 });
    const creating = errorOf(create());
    const hold = await nextHold();
    expect(await describeGroup(standIn)).toBeDefined();
    await standIn.control('POST', `/holds/${hold?.id}/release`, { how: 'reset' });
    expect(await creating).toMatch(/ECONNRESET|socket hang up/);
  });

  test('that nobody is held by ends the wait with nothing', async () => {
    const { body } = await standIn.control('GET', '/holds/next?timeoutSeconds=0.05');
    expect(body).toEqual({ hold: null });
    expect((await standIn.control('POST', '/holds/hold-99/release')).status).toBe(404);
  });
});

describe('a rule strikes only what it names', () => {
  const denied = { kind: 'error', code: 'Denied' };

  test('by a glob over the resource', async () => {
    await addFault({ match: { ...creation, resource: 'web-v00?' }, effect: denied });
    expect(await errorOf(create('web-v001'))).toMatch(/^Denied/);
    expect(await errorOf(create('shop-v001'))).toBe('none');
  });

  test('by account and region', async () => {
    await addFault({ match: { account: '222222222222' }, effect: denied });
    await addFault({ match: { region: 'us-east-1' }, effect: denied });
    expect(await errorOf(create())).toBe('none');
  });

  test('by the number of the call', async () => {
    await addFault({ match: { ...creation, callNumber: 2 }, effect: denied });
    const errors = [
      await errorOf(create('a1')),
      await errorOf(create('a2')),
      await errorOf(create('a3')),
    ];
    expect(errors.map((error) => error.split(':')[0])).toEqual(['none', 'Denied', 'none']);
  });

  test('by chance, as often as it should', async () => {
    await addFault({ match: { action: 'Describe*', probability: 0.5 }, effect: denied });
    let struck = 0;
    for (let call = 0; call < 100; call += 1) {
      const error = await errorOf(
        standIn.autoScaling.send(new DescribeAutoScalingGroupsCommand({})),
      );
      if (error !== 'none') struck += 1;
    }
    expect(struck).toBeGreaterThan(30);
    expect(struck).toBeLessThan(70);
  });

  test('until it is taken away', async () => {
    const rule = await addFault({ match: creation, effect: denied });
    expect(await errorOf(create())).toMatch(/^Denied/);
    await standIn.control('DELETE', `/faults/${rule.id}`);
    expect(await errorOf(create())).toBe('none');
  });
});

test('the ledger tells every call with its input, account, region and request id', async () => {
  const { $metadata: metadata } = await standIn.autoScaling.send(
    new CreateAutoScalingGroupCommand(groupOf(ground, 0)),
  );
  const entry = await lastCall();
  expect(entry).toMatchObject({
    service: 'autoscaling',
    action: 'CreateAutoScalingGroup',
    account: '111111111111',
    region: 'eu-west-1',
    input: { AutoScalingGroupName: 'web-v000', MinSize: 0 },
    status: 200,
    attempt: 1,
    requestId: metadata.requestId,
  });
  const { body } = await standIn.control<{ calls: LedgerEntry[]; last: number }>(
    'GET',
    `/ledger?since=${entry?.n}`,
  );
  expect(body).toEqual({ calls: [], last: entry?.n });
});
