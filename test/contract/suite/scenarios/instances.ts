import assert from 'node:assert/strict';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeTagsCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { anyInstance, fleet, resize } from '../ground/groups.js';
import { template } from '../ground/launch.js';
import { required } from '../ground/network.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const LIFECYCLE = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html';

async function instance(stage: Stage, id: string) {
  const { Reservations: found } = await stage.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [id] }),
  );
  return required(found?.[0]?.Instances?.[0], `the instance ${id}`);
}

async function tagsOf(stage: Stage, id: string): Promise<Readonly<Record<string, string>>> {
  const { Tags: tags = [] } = await stage.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
  );
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** One a filter: the instance is found by its own value. */
const filters = (
  ['instance-id', 'image-id', 'instance-type', 'subnet-id', 'vpc-id', 'availability-zone'] as const
).map((filter): Behaviour => ({
  name: `filter-${filter}`,
  title: `Instances are found by their ${filter}`,
  page: `${API}/API_DescribeInstances.html`,
  run: async (stage) => {
    const { group } = await fleet(stage, 1);
    const id = await anyInstance(stage, group);
    const found = await instance(stage, id);
    const values: Readonly<Record<string, string | undefined>> = {
      'instance-id': found.InstanceId,
      'image-id': found.ImageId,
      'instance-type': found.InstanceType,
      'subnet-id': found.SubnetId,
      'vpc-id': found.VpcId,
      'availability-zone': found.Placement?.AvailabilityZone,
    };
    const look = async (value: string) => {
      const { Reservations: reservations = [] } = await stage.ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: filter, Values: [value] },
            { Name: 'tag:aws:autoscaling:groupName', Values: [group] },
          ],
        }),
      );
      return reservations.flatMap(({ Instances: each = [] }) => each.map((one) => one.InstanceId));
    };
    assert.deepEqual(await look(required(values[filter], filter)), [id]);
    assert.deepEqual(await look('something-else'), []);
  },
}));

const behaviours: readonly Behaviour[] = [
  {
    name: 'are-described',
    title: 'A running instance tells its image, type, network and state code 16',
    page: `${API}/API_Instance.html`,
    run: async (stage) => {
      const { group, template: made, network } = await fleet(stage, 1);
      const found = await instance(stage, await anyInstance(stage, group));
      assert.equal(found.ImageId, made.imageId);
      assert.equal(found.InstanceType, 't3.micro');
      assert.equal(found.VpcId, network.vpcId);
      assert.deepEqual(found.State, { Code: 16, Name: 'running' });
      assert.match(found.PrivateIpAddress ?? '', /^10\.7\./);
    },
  },
  {
    name: 'end-by-stages',
    title: 'A terminated instance is shutting down first, then terminated, and remains visible',
    page: LIFECYCLE,
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const id = await anyInstance(stage, group);
      const { TerminatingInstances: ended } = await stage.ec2.send(
        new TerminateInstancesCommand({ InstanceIds: [id] }),
      );
      assert.equal(ended?.[0]?.PreviousState?.Name, 'running');
      assert.equal(ended?.[0]?.CurrentState?.Name, 'shutting-down');
      await stage.eventually(
        'the instance to be terminated',
        async () => (await instance(stage, id)).State?.Name,
        (state) => state === 'terminated',
      );
    },
  },
  {
    name: 'end-only-once',
    title: 'Terminating a terminated instance is no error',
    page: `${API}/API_TerminateInstances.html`,
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const id = await anyInstance(stage, group);
      await resize(stage, group, 0);
      await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      await stage.eventually(
        'the instance to be terminated',
        async () => (await instance(stage, id)).State?.Name,
        (state) => state === 'terminated',
      );
      await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    },
  },
  {
    name: 'status-checks-begin-as-initializing',
    title: 'Status checks of a young instance are initializing before they are ok',
    page: `${API}/API_InstanceStatusSummary.html`,
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const id = await anyInstance(stage, group);
      const look = async () => {
        const { InstanceStatuses: found } = await stage.ec2.send(
          new DescribeInstanceStatusCommand({ InstanceIds: [id] }),
        );
        return found?.[0]?.InstanceStatus?.Status ?? '';
      };
      assert.equal(await look(), 'initializing');
      await stage.eventually('status checks to be ok', look, (status) => status === 'ok');
    },
  },
  {
    name: 'tags-are-set-and-overwritten',
    title: 'CreateTags adds tags and overwrites those of the same key',
    page: `${API}/API_CreateTags.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      const set = async (Key: string, Value: string) =>
        stage.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
      await set('a', '1');
      await set('b', '1');
      await set('a', '2');
      const { a, b } = await tagsOf(stage, id);
      assert.deepEqual({ a, b }, { a: '2', b: '1' });
    },
  },
  {
    name: 'tags-are-taken-off-by-key',
    title: 'DeleteTags by key takes the tag off whatever its value',
    page: `${API}/API_DeleteTags.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await stage.ec2.send(
        new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }),
      );
      await stage.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'a' }] }));
      assert.equal((await tagsOf(stage, id))['a'], undefined);
    },
  },
  {
    name: 'tags-stay-when-the-value-differs',
    title: 'DeleteTags with a value takes the tag off only when it has that value',
    page: `${API}/API_DeleteTags.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await stage.ec2.send(
        new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }),
      );
      await stage.ec2.send(
        new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '2' }] }),
      );
      assert.equal((await tagsOf(stage, id))['a'], '1');
    },
  },
  ...filters,
  ...refusals([
    {
      name: 'refuses-unknown-id',
      title: 'Describing an instance that is not there is refused',
      page: `${API}/API_DescribeInstances.html`,
      code: 'InvalidInstanceID.NotFound',
      call: async (stage) => instance(stage, 'i-0123456789abcdef0'),
    },
    {
      name: 'refuses-to-end-unknown',
      title: 'Terminating an instance that is not there is refused',
      page: `${API}/API_TerminateInstances.html`,
      code: 'InvalidInstanceID.NotFound',
      call: async (stage) =>
        stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
    },
    {
      name: 'refuses-unknown-filter',
      title: 'A filter that does not exist is refused',
      page: `${API}/API_DescribeInstances.html`,
      code: 'InvalidParameterValue',
      call: async (stage) =>
        stage.ec2.send(
          new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] }),
        ),
    },
  ]),
];

export const instanceScenarios = topic(
  { name: 'instances', service: 'ec2', documentation: LIFECYCLE },
  behaviours,
);
