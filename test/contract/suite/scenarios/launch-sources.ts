import assert from 'node:assert/strict';
import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { anyInstance, getGroup, ground, group, inService } from '../ground/groups.js';
import { topic, type Behaviour } from '../scenario.js';

const GUIDE = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const MIXED = `${GUIDE}/ec2-auto-scaling-mixed-instances-groups.html`;

/** A mixed instances policy with one other instance type. */
function policyOf(launchTemplateId: string) {
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: launchTemplateId, Version: '1' },
      Overrides: [{ InstanceType: 't3.small' }],
    },
  };
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'version-is-pinned',
    title: 'A group on version 2 launches from it though 1 is the default',
    page: `${GUIDE}/launch-templates.html`,
    run: async (stage) => {
      const on = await ground(stage);
      await stage.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: on.template.id,
          SourceVersion: '1',
          LaunchTemplateData: { InstanceType: 't3.small' },
        }),
      );
      const name = await group(stage, on, {
        DesiredCapacity: 1,
        LaunchTemplate: { LaunchTemplateId: on.template.id, Version: '2' },
      });
      await inService(stage, name, 1);
      const [member] = (await getGroup(stage, name)).Instances ?? [];
      assert.equal(member?.LaunchTemplate?.Version, '2');
      assert.equal(member?.InstanceType, 't3.small');
    },
  },
  {
    name: 'latest-is-resolved-at-launch',
    title: 'An instance of a group on $Latest shows the number that this was',
    page: `${API}/API_LaunchTemplateSpecification.html`,
    run: async (stage) => {
      const on = await ground(stage);
      const name = await group(stage, on, {
        DesiredCapacity: 1,
        LaunchTemplate: { LaunchTemplateId: on.template.id, Version: '$Latest' },
      });
      await inService(stage, name, 1);
      const found = await getGroup(stage, name);
      assert.equal(found.LaunchTemplate?.Version, '$Latest');
      assert.equal(found.Instances?.[0]?.LaunchTemplate?.Version, '1');
    },
  },
  {
    name: 'an-update-keeps-a-mixed-policy',
    title: 'An update that does not name the mixed instances policy keeps it',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    run: async (stage) => {
      const on = await ground(stage);
      const name = await group(stage, on, {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: policyOf(on.template.id),
      });
      await stage.autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MaxSize: 3 }),
      );
      const { MixedInstancesPolicy: policy } = await getGroup(stage, name);
      assert.equal(
        policy?.LaunchTemplate?.LaunchTemplateSpecification?.LaunchTemplateId,
        on.template.id,
      );
      assert.equal(policy?.LaunchTemplate?.Overrides?.[0]?.InstanceType, 't3.small');
    },
  },
  {
    name: 'a-mixed-policy-chooses-the-type',
    title: 'The types of the overrides are launched, not that of the template',
    page: MIXED,
    run: async (stage) => {
      const on = await ground(stage);
      const name = await group(stage, on, {
        DesiredCapacity: 1,
        LaunchTemplate: undefined,
        MixedInstancesPolicy: policyOf(on.template.id),
      });
      await inService(stage, name, 1);
      const { Reservations: found } = await stage.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [await anyInstance(stage, name)] }),
      );
      assert.equal(found?.[0]?.Instances?.[0]?.InstanceType, 't3.small');
    },
  },
  {
    name: 'a-template-takes-the-place-of-a-mixed-policy',
    title: 'An update to a launch template drops the mixed instances policy',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    run: async (stage) => {
      const on = await ground(stage);
      const name = await group(stage, on, {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: policyOf(on.template.id),
      });
      await stage.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          LaunchTemplate: { LaunchTemplateId: on.template.id, Version: '1' },
        }),
      );
      const found = await getGroup(stage, name);
      assert.equal(found.MixedInstancesPolicy, undefined);
      assert.equal(found.LaunchTemplate?.LaunchTemplateId, on.template.id);
    },
  },
];

export const launchSourceScenarios = topic(
  { name: 'launch-sources', service: 'autoscaling', documentation: MIXED },
  behaviours,
);
