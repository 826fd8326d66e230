import type { LedgerEntry } from '@gennaker/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openAwsWorld,
  operation,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny } from '../../support/activities/faults.js';
import { newGroup, oldGroup, RedBlack } from '../../support/activities/red-black.js';

let world: AwsWorld;
afterEach(() => world.close());

async function redBlack(instances = 3): Promise<void> {
  const deploy = new RedBlack(world);
  const { plan } = await deploy.makeNewGroup();
  const restore = await deploy.capture();
  await world.run('disableServerGroup', {
    context: operation('disable', oldGroup),
    subject: subject(oldGroup),
    restore,
    guard: { serverGroup: newGroup, instancesHealthyMin: instances },
  });
  await deploy.drained();
  await deploy.healthy(plan);
  await world.run('readCluster', {
    cluster: plan.cluster,
    priority: 'write',
  });
}

async function awaitSize(instancesHealthyMin: number): Promise<void> {
  await world.run('awaitServerGroupHealthy', {
    context: operation('grown', oldGroup, { priority: 'wait' }),
    subject: subject(oldGroup),
    instancesHealthyMin,
    arn: null,
  });
}

describe('a red/black by the activities alone', () => {
  it('makes a healthy copy of the serving group and takes the old one out of traffic', async () => {
    world = await openAwsWorld();
    await redBlack();
    await world.settle();
    const serving = await world.run('readServing', {
      cluster: { account: 'main', region: 'eu-west-1', cluster: 'web-prod' },
      priority: 'screen',
    });
    expect(serving.serverGroups).toMatchObject([
      { serverGroup: newGroup, enabled: true, healthy: 3, wanted: 3 },
    ]);
    expect(serving.serverGroups[0]).not.toHaveProperty('weights');
  });

  it('says what serves also where the rules may not be read', async () => {
    world = await openAwsWorld();
    await deny(world.control, 'DescribeRules');
    const serving = await world.run('readServing', {
      cluster: { account: 'main', region: 'eu-west-1', cluster: 'web-prod' },
      priority: 'undo',
    });
    expect(serving.serverGroups).toMatchObject([
      { serverGroup: oldGroup, healthy: 3, wanted: 3, weights: null },
    ]);
  });

  it('costs 12 calls for 100 instances, besides those of the shared reader', async () => {
    world = await openAwsWorld({ adversarial: false });
    await world.aws
      .region('main', 'eu-west-1')
      .updateCapacity(oldGroup, { min: 100, desired: 100, max: 100 }, { priority: 'write' });
    await awaitSize(100);
    const before = (await world.calls()).length;
    await redBlack(100);
    const calls = (await world.calls()).slice(before).filter((call) => !isByReader(call));
    expect(calls.map((call) => call.action).toSorted()).toEqual([
      'CreateAutoScalingGroup',
      'CreateLaunchTemplate',
      'DeregisterTargets',
      'DescribeAutoScalingGroups',
      'DescribeAutoScalingGroups',
      'DescribeLaunchTemplateVersions',
      'DescribeLifecycleHooks',
      'DescribeNotificationConfigurations',
      'DescribePolicies',
      'DescribeScheduledActions',
      'SuspendProcesses',
      'UpdateAutoScalingGroup',
    ]);
  });
});

/**
 * The shared reader asks for groups by name, for instances, for target health, and once an hour for a target group's draining
 * time; nothing else in a deploy does.
 */
function isByReader({ action, input }: LedgerEntry): boolean {
  if (action === 'DescribeAutoScalingGroups') return 'AutoScalingGroupNames' in input;
  return ['DescribeInstances', 'DescribeTargetGroupAttributes', 'DescribeTargetHealth'].includes(
    action,
  );
}
