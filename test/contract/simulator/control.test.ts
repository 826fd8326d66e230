import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, groupInService, groupOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

test('the health route says what it is', async () => {
  const response = await fetch(`${standIn.running.url}/_localstack/health`);
  expect(await response.json()).toMatchObject({
    edition: 'gennaker-simulator',
    services: { autoscaling: 'available' },
  });
});

test.each([
  ['/faults', '{', ''],
  ['/faults', { effect: { kind: 'explode' } }, '/effect/kind'],
  ['/faults', { effect: { kind: 'reset' }, mach: {} }, '/mach'],
  ['/faults', { effect: { kind: 'error' } }, '/effect/code'],
  ['/faults', { effect: { kind: 'reset' }, match: { probability: 2 } }, '/match/probability'],
  ['/faults', { effect: { kind: 'reset' }, point: 'during' }, '/point'],
  ['/faults', { effect: { kind: 'reset' }, times: 0 }, '/times'],
  ['/capacity', { region: 'eu-west-1' }, '/available'],
  ['/capacity', { region: 'eu-west-1', zones: 'eu-west-1a', available: true }, '/zones'],
  ['/clock/advance', { seconds: -1 }, '/seconds'],
  ['/quotas', { account: '111111111111', region: 'eu-west-1', serviceCode: 'ec2' }, '/quotaCode'],
  ['/traffic', { name: 'web' }, '/requestsPerSecond'],
  ['/traffic', [], ''],
])('POST %s refuses a wrong body and says where (%#)', async (path, body, pointer) => {
  const reply = await standIn.control<{ pointer: string; error: string }>('POST', path, body);
  expect(reply).toMatchObject({ status: 400, body: { pointer } });
});

test('an unknown route lists those that there are', async () => {
  const { status, body } = await standIn.control<{ routes: string[] }>('GET', '/nothing');
  expect(status).toBe(404);
  expect(body.routes).toContain('POST /_simulator/faults');
});

test('a reset begins an empty world', async () => {
  await groupInService(standIn, ground);
  await standIn.control('POST', '/faults', { effect: { kind: 'throttle' } });
  await standIn.control('POST', '/reset');
  expect(await describeGroup(standIn)).toBeUndefined();
  expect((await standIn.control('GET', '/faults')).body).toEqual({ faults: [] });
});

test('the state shows groups with their instances and targets', async () => {
  await groupInService(standIn, ground);
  const { body } = await standIn.control<{
    scopes: { groups: { name: string; instances: object[] }[] }[];
  }>('GET', '/state');
  const group = body.scopes[0]?.groups[0];
  expect(group?.name).toBe('web-v000');
  expect(group?.instances).toHaveLength(3);
  expect(group?.instances[0]).toMatchObject({
    lifecycleState: 'InService',
    imageId: ground.imageId,
    targets: [{ targetGroupArn: ground.targetGroupArn, state: 'healthy' }],
  });
});

interface Counts {
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
  readonly requestsToStoppedTargets: number;
  readonly targetGroups: readonly { readonly requests: number }[];
}

async function counts(): Promise<Counts | undefined> {
  return (await standIn.control<{ streams: Counts[] }>('GET', '/traffic')).body.streams[0];
}

async function begin(): Promise<void> {
  await standIn.control('POST', '/traffic', { name: 'web', requestsPerSecond: 10 });
}

describe('traffic', () => {
  test('is counted over simulated time, per target group', async () => {
    await groupInService(standIn, ground);
    await begin();
    await standIn.advance(100);
    expect(await counts()).toMatchObject({
      requests: 1000,
      requestsWithNoHealthyTarget: 0,
      targetGroups: [{ requests: 1000 }],
    });
  });

  test('at an empty group, and at one with none healthy, met no healthy target', async () => {
    await begin();
    await standIn.advance(10);
    expect(await counts()).toMatchObject({ requests: 100, requestsWithNoHealthyTarget: 100 });
    await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 3)));
    // One second to react, eight to boot, ten until the second health check has passed.
    await standIn.advance(100);
    expect(await counts()).toMatchObject({
      requests: 1100,
      requestsWithNoHealthyTarget: 100 + 190,
    });
  });

  test('meets nobody while all targets drain', async () => {
    const ids = await groupInService(standIn, ground);
    await begin();
    await standIn.elb.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: ground.targetGroupArn,
        Targets: ids.map((Id) => ({ Id })),
      }),
    );
    await standIn.advance(10);
    expect(await counts()).toMatchObject({ requests: 100, requestsWithNoHealthyTarget: 100 });
  });

  test('at a target whose instance has just been ended is told apart', async () => {
    const [id = ''] = await groupInService(standIn, ground);
    await begin();
    await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    // The group notices after five seconds and takes the instance out; a third of the requests met it until then.
    await standIn.advance(30);
    expect(await counts()).toMatchObject({
      requests: 300,
      requestsWithNoHealthyTarget: 0,
      requestsToStoppedTargets: 17,
    });
  });
});
