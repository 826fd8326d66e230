import { SuspendProcessesCommand } from '@aws-sdk/client-auto-scaling';
import {
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { errorOf, groupInService, targetStates, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

let instances: readonly string[];

beforeEach(async () => {
  instances = await groupInService(standIn, ground, { TargetGroupARNs: [] });
});

async function register(targetGroupArn: string, ...ids: readonly string[]): Promise<void> {
  await standIn.elb.send(
    new RegisterTargetsCommand({
      TargetGroupArn: targetGroupArn,
      Targets: ids.map((Id) => ({ Id })),
    }),
  );
}

async function deregister(targetGroupArn: string, ...ids: readonly string[]): Promise<void> {
  await standIn.elb.send(
    new DeregisterTargetsCommand({
      TargetGroupArn: targetGroupArn,
      Targets: ids.map((Id) => ({ Id })),
    }),
  );
}

async function healthOf(targetGroupArn: string, id: string): Promise<TargetHealth | undefined> {
  const { TargetHealthDescriptions: found } = await standIn.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: id }] }),
  );
  return found?.[0]?.TargetHealth;
}

async function otherTargetGroup(name = 'other', port = 80): Promise<string> {
  const { TargetGroups: groups } = await standIn.elb.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: port, VpcId: ground.vpcId }),
  );
  return groups?.[0]?.TargetGroupArn ?? '';
}

describe('a target', () => {
  test('is initial, then healthy after two checks, and draining for the deregistration delay', async () => {
    const [id = ''] = instances;
    await register(ground.targetGroupArn, id);
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject({
      State: 'initial',
      Reason: 'Elb.RegistrationInProgress',
    });
    await standIn.advance(9);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('initial');
    await standIn.advance(1);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('healthy');
    await deregister(ground.targetGroupArn, id);
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject({
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
    });
    await standIn.advance(19);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('draining');
    await standIn.advance(1);
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject({
      State: 'unused',
      Reason: 'Target.NotRegistered',
    });
  });

  test('that fails its checks is unhealthy after two of them, and healthy again after two that pass', async () => {
    const [id = ''] = instances;
    await register(ground.targetGroupArn, id);
    await standIn.advance(10);
    await standIn.control('POST', `/instances/${id}/health`, { passesHealthChecks: false });
    await standIn.advance(9);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('healthy');
    await standIn.advance(1);
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject({
      State: 'unhealthy',
      Reason: 'Target.FailedHealthChecks',
    });
    await standIn.control('POST', `/instances/${id}/health`, { passesHealthChecks: true });
    await standIn.advance(10);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('healthy');
  });

  test('of a group that no listener uses is unused, and begins its checks once one does', async () => {
    const [id = ''] = instances;
    const other = await otherTargetGroup();
    await register(other, id);
    await standIn.advance(300);
    expect(await healthOf(other, id)).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' });
    await standIn.elb.send(
      new ModifyListenerCommand({
        ListenerArn: ground.listenerArn,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: other }],
      }),
    );
    expect((await healthOf(other, id))?.State).toBe('initial');
    await standIn.advance(150);
    expect((await healthOf(other, id))?.State).toBe('healthy');
  });

  test('whose instance has ended is unused for its invalid state', async () => {
    const [id = ''] = instances;
    await register(ground.targetGroupArn, id);
    await standIn.advance(10);
    await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await standIn.advance(6);
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject({
      State: 'unused',
      Reason: 'Target.InvalidState',
    });
  });

  test('whose instance is stopped is unused, and is checked anew once that runs again', async () => {
    const [id = ''] = instances;
    await register(ground.targetGroupArn, id);
    await standIn.advance(60);
    await standIn.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName: 'web-v000',
        ScalingProcesses: ['ReplaceUnhealthy'],
      }),
    );
    await standIn.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await standIn.advance(300);
    const stopped = { State: 'unused', Reason: 'Target.InvalidState' };
    expect(await healthOf(ground.targetGroupArn, id)).toMatchObject(stopped);
    await standIn.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await standIn.advance(8);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('initial');
    await standIn.advance(150);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('healthy');
  });

  test('that is draining and registered again starts anew', async () => {
    const [id = ''] = instances;
    await register(ground.targetGroupArn, id);
    await standIn.advance(10);
    await deregister(ground.targetGroupArn, id);
    await register(ground.targetGroupArn, id);
    await standIn.advance(60);
    expect((await healthOf(ground.targetGroupArn, id))?.State).toBe('healthy');
  });
});

test('registering refuses all when one is not running; deregistering a stranger is fine', async () => {
  const [gone = '', running = ''] = instances;
  await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
  expect(await errorOf(register(ground.targetGroupArn, running, gone))).toMatch(
    /^InvalidTargetException: .*not in a running state/,
  );
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([]);
  await deregister(ground.targetGroupArn, 'i-0123456789abcdef0');
});

describe('a target group', () => {
  test('is made once for equal settings and refused for others', async () => {
    const first = await otherTargetGroup();
    expect(await otherTargetGroup()).toBe(first);
    expect(await errorOf(otherTargetGroup('other', 81))).toMatch(
      /^DuplicateTargetGroupNameException/,
    );
  });

  test('cannot be deleted while a listener uses it', async () => {
    const deletion = standIn.elb.send(
      new DeleteTargetGroupCommand({ TargetGroupArn: ground.targetGroupArn }),
    );
    expect(await errorOf(deletion)).toMatch(/^ResourceInUseException/);
    const other = await otherTargetGroup();
    await standIn.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: other }));
    expect(
      await errorOf(standIn.elb.send(new DescribeTargetGroupsCommand({ Names: ['other'] }))),
    ).toMatch(/^TargetGroupNotFoundException/);
  });

  test('has attributes within bounds', async () => {
    const set = (Value: string) =>
      standIn.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: ground.targetGroupArn,
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value }],
        }),
      );
    await set('40');
    const { Attributes: attributes } = await standIn.elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: ground.targetGroupArn }),
    );
    expect(attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '40' });
    expect(await errorOf(set('9999'))).toMatch(/^ValidationError/);
  });
});

describe('a listener', () => {
  test('forwards by weight and shows its actions in full', async () => {
    const other = await otherTargetGroup();
    const TargetGroups = [
      { TargetGroupArn: ground.targetGroupArn, Weight: 90 },
      { TargetGroupArn: other, Weight: 10 },
    ];
    await standIn.elb.send(
      new ModifyListenerCommand({
        ListenerArn: ground.listenerArn,
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
      }),
    );
    const { Listeners: listeners } = await standIn.elb.send(
      new DescribeListenersCommand({ ListenerArns: [ground.listenerArn] }),
    );
    expect(listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups).toEqual(TargetGroups);
    expect(listeners?.[0]?.DefaultActions?.[0]?.TargetGroupArn).toBeUndefined();
  });

  test.each([
    [
      'a weight out of range',
      { ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'ours', Weight: 5000 }] } },
      /^ValidationError/,
    ],
    [
      'a target group that is not there',
      { TargetGroupArn: 'arn:gone' },
      /^TargetGroupNotFoundException/,
    ],
  ])('refuses %s', async (_, action, error) => {
    const text = JSON.stringify([{ Type: 'forward', ...action }]).replace(
      'ours',
      ground.targetGroupArn,
    );
    const modification = standIn.elb.send(
      new ModifyListenerCommand({
        ListenerArn: ground.listenerArn,
        DefaultActions: JSON.parse(text) as [],
      }),
    );
    expect(await errorOf(modification)).toMatch(error);
  });

  test('is refused on a port that is taken by another one', async () => {
    const listener = {
      LoadBalancerArn: ground.loadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
    } as const;
    const creation = standIn.elb.send(
      new CreateListenerCommand({
        ...listener,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: await otherTargetGroup() }],
      }),
    );
    expect(await errorOf(creation)).toMatch(/^DuplicateListenerException/);
  });
});

test('a load balancer becomes active after a while', async () => {
  const { LoadBalancers: found } = await standIn.elb.send(
    new DescribeLoadBalancersCommand({ Names: ['web'] }),
  );
  expect(found?.[0]?.State?.Code).toBe('active');
  expect(found?.[0]?.AvailabilityZones).toHaveLength(3);
  expect(
    await errorOf(standIn.elb.send(new DescribeLoadBalancersCommand({ Names: ['gone'] }))),
  ).toMatch(/^LoadBalancerNotFoundException/);
});
