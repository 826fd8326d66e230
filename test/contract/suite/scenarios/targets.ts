import assert from 'node:assert/strict';
import {
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { balancing, forwardTo, targetGroup, targetHealth } from '../ground/balancing.js';
import { anyInstance, balancedFleet, group, inService } from '../ground/groups.js';
import { template } from '../ground/launch.js';
import { healthy, ready, register } from '../ground/targets.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const HEALTH =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html';
const NO_SUCH_ARN =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/none/0123456789abcdef';

const behaviours: readonly Behaviour[] = [
  {
    name: 'begin-as-initial',
    title: 'A registered target is initial before it is healthy',
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await register(stage, place.targetGroupArn, instanceId);
      assert.deepEqual((await targetHealth(stage, place.targetGroupArn))[instanceId], {
        state: 'initial',
        reason: 'Elb.RegistrationInProgress',
      });
      await healthy(stage, place.targetGroupArn, 1);
    },
  },
  {
    name: 'are-unused-without-a-listener',
    title: 'A target of a group that no load balancer uses is unused, Target.NotInUse',
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      const idle = await targetGroup(stage, place, { Name: stage.name('idle') });
      await register(stage, idle, instanceId);
      await stage.passTime(60);
      assert.deepEqual((await targetHealth(stage, idle))[instanceId], {
        state: 'unused',
        reason: 'Target.NotInUse',
      });
    },
  },
  {
    name: 'come-into-use-with-their-group',
    title: 'Unused targets are checked once a listener sends their group traffic',
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      const idle = await targetGroup(stage, place, { Name: stage.name('idle') });
      await register(stage, idle, instanceId);
      await stage.elb.send(
        new ModifyListenerCommand({
          ListenerArn: place.listenerArn,
          DefaultActions: [forwardTo(idle)],
        }),
      );
      await healthy(stage, idle, 1);
    },
  },
  {
    name: 'twice-is-once',
    title: 'A target that is registered twice is there once',
    page: `${API}/API_RegisterTargets.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await register(stage, place.targetGroupArn, instanceId);
      await register(stage, place.targetGroupArn, instanceId);
      await healthy(stage, place.targetGroupArn, 1);
    },
  },
  {
    name: 'two-ports-are-two-targets',
    title: 'An instance that is registered with two ports is two targets',
    page: `${API}/API_RegisterTargets.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await register(stage, place.targetGroupArn, { Id: instanceId, Port: 8080 });
      await register(stage, place.targetGroupArn, { Id: instanceId, Port: 8081 });
      const { TargetHealthDescriptions: found = [] } = await stage.elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: place.targetGroupArn }),
      );
      assert.deepEqual(
        new Set(found.map(({ Target: target }) => target?.Port)),
        new Set([8080, 8081]),
      );
    },
  },
  {
    name: 'have-the-port-of-their-group',
    title: 'A target that names no port has that of its group',
    page: `${API}/API_TargetDescription.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await register(stage, place.targetGroupArn, instanceId);
      const { TargetHealthDescriptions: found } = await stage.elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: place.targetGroupArn }),
      );
      assert.equal(found?.[0]?.Target?.Port, 80);
      assert.equal(found?.[0]?.HealthCheckPort, '80');
    },
  },
  {
    name: 'who-is-not-there-is-unused',
    title: 'Asked by name, an instance that is not registered is unused, Target.NotRegistered',
    page: `${API}/API_DescribeTargetHealth.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      assert.deepEqual(
        (await targetHealth(stage, place.targetGroupArn, [instanceId]))[instanceId],
        {
          state: 'unused',
          reason: 'Target.NotRegistered',
        },
      );
    },
  },
  {
    name: 'of-a-group-that-fell-out-of-use',
    title: 'Targets whose group no listener uses any more are unused',
    run: async (stage) => {
      const { network: place, group: name } = await balancedFleet(stage, 1);
      const other = await targetGroup(stage, place, { Name: stage.name('other') });
      await stage.elb.send(
        new ModifyListenerCommand({
          ListenerArn: place.listenerArn,
          DefaultActions: [forwardTo(other)],
        }),
      );
      const id = await anyInstance(stage, name);
      assert.equal(
        (await targetHealth(stage, place.targetGroupArn))[id]?.reason,
        'Target.NotInUse',
      );
    },
  },
  {
    name: 'that-fail-their-checks',
    title: 'A target that fails its health checks is unhealthy, Target.FailedHealthChecks',
    run: async (stage) => {
      const place = await balancing(stage);
      const made = await template(stage);
      await stage.failHealthChecks(made.imageId);
      const name = await group(stage, { network: place, template: made }, { DesiredCapacity: 1 });
      await inService(stage, name, 1);
      const id = await anyInstance(stage, name);
      await register(stage, place.targetGroupArn, id);
      const found = await stage.eventually(
        'an unhealthy target',
        async () => (await targetHealth(stage, place.targetGroupArn))[id],
        (health) => health?.state === 'unhealthy',
      );
      assert.match(found?.reason ?? '', /^Target\.(FailedHealthChecks|Timeout)$/);
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-group',
      title: 'Nothing is registered with a target group that is not there',
      page: `${API}/API_RegisterTargets.html`,
      code: 'TargetGroupNotFound',
      call: async (stage) => register(stage, NO_SUCH_ARN, 'i-0123456789abcdef0'),
    },
    {
      name: 'refuses-health-of-unknown-group',
      title: 'A target group that is not there has no targets',
      page: `${API}/API_DescribeTargetHealth.html`,
      code: 'TargetGroupNotFound',
      call: async (stage) => targetHealth(stage, NO_SUCH_ARN),
    },
    {
      name: 'refuses-unknown-instance',
      title: 'An instance that is not there cannot be a target',
      page: `${API}/API_RegisterTargets.html`,
      code: 'InvalidTarget',
      call: async (stage) =>
        register(stage, (await balancing(stage)).targetGroupArn, 'i-0123456789abcdef0'),
    },
    {
      name: 'refuses-instance-that-ends',
      title: 'An instance that does not run cannot become a target',
      page: `${API}/API_RegisterTargets.html`,
      code: 'InvalidTarget',
      call: async (stage) => {
        const { place, instanceId } = await ready(stage);
        await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
        return register(stage, place.targetGroupArn, instanceId);
      },
    },
  ]),
];

export const targetScenarios = topic(
  { name: 'targets', service: 'elasticloadbalancing', documentation: HEALTH },
  behaviours,
);
