import assert from 'node:assert/strict';
import {
  AddTagsCommand,
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancing, loadBalancer, targetGroup } from '../ground/balancing.js';
import { network, required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const NO_SUCH_BALANCER = `${ARN}:loadbalancer/app/none/0123456789abcdef`;
const NO_SUCH_TARGETS = `${ARN}:targetgroup/none/0123456789abcdef`;

async function describe(stage: Stage, arn: string) {
  const { LoadBalancers: found } = await stage.elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }),
  );
  return required(found?.[0], arn);
}

async function actionsOf(stage: Stage, arn: string): Promise<readonly object[]> {
  const { Listeners: found } = await stage.elb.send(
    new DescribeListenersCommand({ ListenerArns: [arn] }),
  );
  return found?.[0]?.DefaultActions ?? [];
}

async function tags(stage: Stage, arn: string): Promise<Readonly<Record<string, string>>> {
  const { TagDescriptions: found } = await stage.elb.send(
    new DescribeTagsCommand({ ResourceArns: [arn] }),
  );
  return Object.fromEntries(
    (found?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
  );
}

const creating = (settings: object) => async (stage: Stage) => {
  const { subnetIds } = await network(stage);
  const { LoadBalancers: made } = await stage.elb.send(
    new CreateLoadBalancerCommand({
      Name: stage.name('balancer'),
      Subnets: [...subnetIds],
      Scheme: 'internal',
      ...settings,
    }),
  );
  const arn = made?.[0]?.LoadBalancerArn ?? '';
  stage.atEnd(async () => stage.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })));
};

const balancers: readonly Behaviour[] = [
  {
    name: 'are-provisioned',
    title: 'A new load balancer is provisioning, then active',
    run: async (stage) => {
      const { subnetIds } = await network(stage);
      const arn = await loadBalancer(stage, subnetIds);
      assert.equal((await describe(stage, arn)).State?.Code, 'provisioning');
      await stage.eventually(
        'the load balancer to be active',
        async () => (await describe(stage, arn)).State?.Code,
        (state) => state === 'active',
      );
    },
  },
  {
    name: 'are-described',
    title: 'A load balancer tells its network, its zones and its name in DNS',
    page: `${API}/API_LoadBalancer.html`,
    run: async (stage) => {
      const { subnetIds, vpcId, zones } = await network(stage);
      const found = await describe(stage, await loadBalancer(stage, subnetIds));
      assert.equal(found.VpcId, vpcId);
      assert.equal(found.Type, 'application');
      assert.equal(found.Scheme, 'internal');
      assert.match(found.DNSName ?? '', /\.elb\.amazonaws\.com$/);
      assert.deepEqual(
        (found.AvailabilityZones ?? []).map(({ ZoneName: zone }) => zone ?? '').toSorted(),
        zones,
      );
    },
  },
  {
    name: 'same-settings-are-the-same-one',
    title: 'Creating a load balancer again with equal settings succeeds and gives the first',
    run: async (stage) => {
      const { subnetIds } = await network(stage);
      const Name = stage.name('same');
      const arn = await loadBalancer(stage, subnetIds, Name);
      const { LoadBalancers: again } = await stage.elb.send(
        new CreateLoadBalancerCommand({ Name, Subnets: [...subnetIds], Scheme: 'internal' }),
      );
      assert.equal(again?.[0]?.LoadBalancerArn, arn);
    },
  },
  {
    name: 'other-settings-are-a-duplicate',
    title: 'Creating a load balancer again with other settings is refused',
    run: async (stage) => {
      const { subnetIds } = await network(stage, 3);
      const Name = stage.name('other');
      await loadBalancer(stage, subnetIds.slice(0, 2), Name);
      await refused(
        stage.elb.send(
          new CreateLoadBalancerCommand({ Name, Subnets: subnetIds.slice(1), Scheme: 'internal' }),
        ),
        { code: 'DuplicateLoadBalancerName' },
      );
    },
  },
  {
    name: 'are-deleted-with-their-listeners',
    title: 'Deleting a load balancer deletes its listeners and frees its target groups',
    page: `${API}/API_DeleteLoadBalancer.html`,
    run: async (stage) => {
      const { loadBalancerArn, listenerArn } = await balancing(stage);
      await stage.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn }));
      await refused(actionsOf(stage, listenerArn), { code: 'ListenerNotFound' });
    },
  },
  {
    name: 'are-deleted-already',
    title: 'Deleting a load balancer that is not there succeeds',
    page: `${API}/API_DeleteLoadBalancer.html`,
    run: async (stage) => {
      const arn = NO_SUCH_BALANCER.replace('111111111111', await accountOf(stage));
      await stage.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    },
  },
  {
    name: 'tags-are-kept',
    title: 'Tags are added, overwritten and removed by key',
    page: `${API}/API_AddTags.html`,
    run: async (stage) => {
      const arn = await targetGroup(stage, await network(stage));
      const add = async (Key: string, Value: string) =>
        stage.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key, Value }] }));
      await add('a', '1');
      await add('b', '1');
      await add('a', '2');
      await stage.elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ['b'] }));
      const { a, b } = await tags(stage, arn);
      assert.deepEqual({ a, b }, { a: '2', b: undefined });
    },
  },
  ...refusals([
    {
      name: 'refuses-one-zone',
      title: 'An application load balancer needs subnets in two zones',
      code: ['InvalidConfigurationRequest', 'ValidationError'],
      call: async (stage) => {
        const { subnetIds } = await network(stage);
        return creating({ Subnets: subnetIds.slice(0, 1) })(stage);
      },
    },
    {
      name: 'refuses-unknown-subnet',
      title: 'Subnets must exist',
      code: ['SubnetNotFound', 'InvalidSubnet'],
      call: creating({ Subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] }),
    },
    {
      name: 'refuses-long-name',
      title: 'A name has at most 32 characters',
      code: 'ValidationError',
      call: creating({ Name: 'a'.repeat(33) }),
    },
    {
      name: 'refuses-hyphen-at-the-end',
      title: 'A name does not end with a hyphen',
      code: 'ValidationError',
      call: creating({ Name: 'ends-' }),
    },
    {
      name: 'refuses-unknown-arn',
      title: 'Describing a load balancer that is not there is refused',
      page: `${API}/API_DescribeLoadBalancers.html`,
      code: 'LoadBalancerNotFound',
      call: async (stage) => describe(stage, NO_SUCH_BALANCER),
    },
    {
      name: 'refuses-unknown-name',
      title: 'Describing a name that is not there is refused',
      page: `${API}/API_DescribeLoadBalancers.html`,
      code: 'LoadBalancerNotFound',
      call: async (stage) =>
        stage.elb.send(new DescribeLoadBalancersCommand({ Names: ['no-such-balancer'] })),
    },
    {
      name: 'refuses-tags-of-unknown',
      title: 'What is not there has no tags',
      page: `${API}/API_DescribeTags.html`,
      code: 'TargetGroupNotFound',
      call: async (stage) => tags(stage, NO_SUCH_TARGETS),
    },
  ]),
];

async function accountOf(stage: Stage): Promise<string> {
  const { vpcId } = await network(stage);
  return (await targetGroup(stage, { vpcId })).split(':')[4] ?? '';
}

export const loadBalancerScenarios = topic(
  {
    name: 'load-balancers',
    service: 'elasticloadbalancing',
    documentation: `${API}/API_CreateLoadBalancer.html`,
  },
  balancers,
);
