import assert from 'node:assert/strict';
import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  emptyGroup,
  findGroup,
  getGroup,
  ground,
  group,
  groupInput,
  removeGroup,
} from '../ground/groups.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';

/** A group's creation with one thing wrong. */
const creating = (settings: object) => async (stage: Stage) => {
  const on = await ground(stage);
  const input = { ...groupInput(stage, on), ...settings };
  // What should be refused and is not is tidied up all the same.
  stage.atEnd(async () => removeGroup(stage, input.AutoScalingGroupName ?? ''));
  return stage.autoScaling.send(new CreateAutoScalingGroupCommand(input));
};

const updating = (settings: object) => async (stage: Stage) => {
  const name = await emptyGroup(stage);
  return stage.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...settings }),
  );
};

const refusedCreations = refusals(
  (
    [
      [
        'refuses-min-above-max',
        'A minimum above the maximum is refused',
        { MinSize: 5, MaxSize: 1, DesiredCapacity: 1 },
      ],
      [
        'refuses-desired-above-max',
        'A group cannot be born with more instances wanted than its maximum',
        { MaxSize: 1, DesiredCapacity: 3 },
      ],
      [
        'refuses-desired-below-min',
        'A group cannot be born with fewer instances wanted than its minimum',
        { MinSize: 2, DesiredCapacity: 1 },
      ],
      ['refuses-negative-size', 'A negative minimum is refused', { MinSize: -1 }],
      ['refuses-no-place', 'A group needs zones or subnets', { VPCZoneIdentifier: undefined }],
      [
        'refuses-unknown-subnet',
        'Subnets must exist',
        { VPCZoneIdentifier: 'subnet-0123456789abcdef0' },
      ],
      [
        'refuses-unknown-zone',
        'Zones must exist',
        { VPCZoneIdentifier: undefined, AvailabilityZones: ['nowhere-1a'] },
      ],
      [
        'refuses-no-launch-source',
        'A group needs a launch template, a launch configuration, an instance or a mixed policy',
        { LaunchTemplate: undefined },
      ],
      [
        'refuses-two-launch-sources',
        'A group has one launch source and not two',
        { LaunchConfigurationName: 'any' },
      ],
      [
        'refuses-unknown-template',
        'The launch template must exist',
        { LaunchTemplate: { LaunchTemplateName: 'no-such-template', Version: '1' } },
      ],
      [
        'refuses-template-without-name',
        'A launch template is named by id or by name',
        { LaunchTemplate: { Version: '1' } },
      ],
      [
        'refuses-unknown-configuration',
        'The launch configuration must exist',
        { LaunchTemplate: undefined, LaunchConfigurationName: 'no-such' },
      ],
      [
        'refuses-unknown-target-group',
        'Target groups that are attached at birth must exist',
        {
          TargetGroupARNs: [
            'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/none/0123456789abcdef',
          ],
        },
      ],
      [
        'refuses-unknown-health-check',
        'Health check types are EC2, ELB, EBS and VPC_LATTICE',
        { HealthCheckType: 'PING' },
      ],
      [
        'refuses-long-name',
        'A name has at most 255 characters',
        { AutoScalingGroupName: 'a'.repeat(256) },
      ],
      ['refuses-colon-in-name', 'A name has no colon', { AutoScalingGroupName: 'web:v000' }],
      [
        'refuses-reserved-tag',
        "Tag keys that begin with 'aws:' are AWS's own",
        { Tags: [{ Key: 'aws:mine', Value: '1' }] },
      ],
    ] as const
  ).map(([name, title, settings]) => ({
    name,
    title,
    code: 'ValidationError',
    call: creating(settings),
  })),
);

const refusedChanges = refusals([
  {
    name: 'update-refuses-min-above-max',
    title: 'An update cannot lift the minimum above the maximum',
    code: 'ValidationError',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    call: updating({ MinSize: 9 }),
  },
  {
    name: 'update-refuses-desired-above-max',
    title: 'An update cannot want more than the maximum',
    code: 'ValidationError',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    call: updating({ DesiredCapacity: 9 }),
  },
  {
    name: 'update-refuses-unknown-template',
    title: 'An update cannot name a launch template that is not there',
    code: 'ValidationError',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    call: updating({ LaunchTemplate: { LaunchTemplateName: 'no-such-template' } }),
  },
  {
    name: 'update-refuses-unknown-group',
    title: 'What is not there cannot be updated',
    code: 'ValidationError',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    call: async (stage) =>
      stage.autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'none', MinSize: 0 }),
      ),
  },
  {
    name: 'desired-above-max-is-refused',
    title: 'SetDesiredCapacity above the maximum is refused',
    code: 'ValidationError',
    page: `${API}/API_SetDesiredCapacity.html`,
    call: async (stage) =>
      stage.autoScaling.send(
        new SetDesiredCapacityCommand({
          AutoScalingGroupName: await emptyGroup(stage, { MaxSize: 1 }),
          DesiredCapacity: 2,
        }),
      ),
  },
  {
    name: 'desired-below-min-is-refused',
    title: 'SetDesiredCapacity below the minimum is refused',
    code: 'ValidationError',
    page: `${API}/API_SetDesiredCapacity.html`,
    call: async (stage) => {
      const name = await emptyGroup(stage, { MinSize: 0 });
      return stage.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: -1 }),
      );
    },
  },
  {
    name: 'delete-refuses-unknown-group',
    title: 'What is not there cannot be deleted',
    code: 'ValidationError',
    page: `${API}/API_DeleteAutoScalingGroup.html`,
    call: async (stage) =>
      stage.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'none' })),
  },
]);

const lives: readonly Behaviour[] = [
  {
    name: 'create-twice',
    title: 'A second group of the same name is refused with AlreadyExists',
    run: async (stage) => {
      const on = await ground(stage);
      await group(stage, on);
      await refused(
        stage.autoScaling.send(new CreateAutoScalingGroupCommand(groupInput(stage, on))),
        { code: 'AlreadyExists' },
      );
    },
  },
  {
    name: 'unknown-name-is-not-an-error',
    title: 'Describing a group that is not there gives an empty list',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      assert.equal(await findGroup(stage, 'no-such-group'), undefined);
    },
  },
  {
    name: 'defaults',
    title: 'Cooldown is 300 s, health check EC2, termination policy Default, unless said',
    run: async (stage) => {
      const found = await getGroup(stage, await emptyGroup(stage));
      assert.equal(found.DefaultCooldown, 300);
      assert.equal(found.HealthCheckType, 'EC2');
      assert.deepEqual(found.TerminationPolicies, ['Default']);
      assert.equal(found.NewInstancesProtectedFromScaleIn, false);
    },
  },
  {
    name: 'desired-is-min-unless-said',
    title: 'A group that names no wanted size wants its minimum',
    run: async (stage) => {
      const name = await emptyGroup(stage, { DesiredCapacity: undefined });
      assert.equal((await getGroup(stage, name)).DesiredCapacity, 0);
    },
  },
  {
    name: 'arn-names-account-and-group',
    title: 'The ARN ends in the group and begins with its region',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      const { AutoScalingGroupARN: arn = '' } = await getGroup(stage, name);
      const form = `^arn:aws:autoscaling:${stage.region}:\\d{12}:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName/${name}$`;
      assert.match(arn, new RegExp(form));
    },
  },
  {
    name: 'delete-empty',
    title: 'An empty group is deleted without force',
    page: `${API}/API_DeleteAutoScalingGroup.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await stage.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name }),
      );
      await stage.eventually(
        'the group to be gone',
        async () => findGroup(stage, name),
        (found) => found === undefined,
      );
    },
  },
  {
    name: 'fifty-names-at-most',
    title: 'More than 50 names in one describe call are refused',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      const names = Array.from({ length: 51 }, (_, index) => `none-${index}`);
      await refused(
        stage.autoScaling.send(
          new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: names }),
        ),
        { code: 'ValidationError' },
      );
    },
  },
];

export const groupScenarios = topic(
  {
    name: 'groups',
    service: 'autoscaling',
    documentation: `${API}/API_CreateAutoScalingGroup.html`,
  },
  [...lives, ...refusedCreations, ...refusedChanges],
);
