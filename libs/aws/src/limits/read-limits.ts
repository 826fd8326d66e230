import { DescribeAccountLimitsCommand as DescribeAutoScalingLimitsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeAccountLimitsCommand,
  DescribeTargetGroupsCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GennakerError, type GroupRoom } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import type { LoadBalancerRoom, TargetRoomDetails } from './limit-calls.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { describeTargetHealth } from '../load-balancing/read-target-health.js';
import { requiredField } from '../calling/required-field.js';

/** Target groups named in one DescribeTargetGroups. */
const targetGroupsPerDescribe = 20;
/** Target groups of one load balancer whose targets are counted: each costs a call, and ELB has ten a second for all. */
const targetGroupsCountedMax = 20;

/** See LimitReads. */
export async function describeServerGroupRoom(
  caller: AwsCaller,
  options: CallOptions,
): Promise<GroupRoom> {
  const reply = await caller.autoscaling(new DescribeAutoScalingLimitsCommand({}), {
    ...options,
    resource: 'the account',
  });
  return {
    serverGroups: requiredField(reply.NumberOfAutoScalingGroups, 'NumberOfAutoScalingGroups'),
    serverGroupsMax: requiredField(
      reply.MaxNumberOfAutoScalingGroups,
      'MaxNumberOfAutoScalingGroups',
    ),
  };
}

/** See LimitReads. */
export async function describeTargetRoom(
  caller: AwsCaller,
  targetGroupArns: readonly string[],
  options: CallOptions,
): Promise<TargetRoomDetails> {
  const asked = await readChunks(targetGroupArns, targetGroupsPerDescribe, (TargetGroupArns) =>
    listTargetGroups(caller, { TargetGroupArns: [...TargetGroupArns] }, options),
  );
  const loadBalancerArns = [...new Set(asked.flatMap((group) => group.LoadBalancerArns ?? []))];
  const limits = await readLimits(caller, options);
  const behind = await Promise.all(
    loadBalancerArns.map(async (arn) => ({
      arn,
      groups: await groupsBehind(caller, arn, options),
    })),
  );
  const counted = [...new Set([...targetGroupArns, ...behind.flatMap((one) => one.groups)])];
  const counts = new Map(
    await Promise.all(
      counted.map(async (arn): Promise<[string, number]> => {
        const targets = await describeTargetHealth(caller, { targetGroupArn: arn }, options);
        return [arn, targets.length];
      }),
    ),
  );
  const countOf = (arn: string): number => counts.get(arn) ?? 0;
  return {
    targetGroups: targetGroupArns.map((arn) => ({ arn, targets: countOf(arn) })),
    loadBalancers: behind.map(({ arn, groups }): LoadBalancerRoom => ({
      arn,
      targets: groups.reduce((sum, group) => sum + countOf(group), 0),
      targetGroupArns: targetGroupArns.filter((one) => groups.includes(one)),
      targetsMax: limits.get(limitNameOf(arn)) ?? null,
    })),
  };
}

async function groupsBehind(
  caller: AwsCaller,
  loadBalancerArn: string,
  options: CallOptions,
): Promise<readonly string[]> {
  const groups = await listTargetGroups(caller, { LoadBalancerArn: loadBalancerArn }, options);
  if (groups.length > targetGroupsCountedMax) {
    throw new GennakerError(
      'INVALID_REQUEST',
      `${loadBalancerArn} has ${groups.length} target groups; the targets of at most ${targetGroupsCountedMax} are counted.`,
      { details: { loadBalancerArn, targetGroups: groups.length } },
    );
  }
  return groups.map((group) => requiredField(group.TargetGroupArn, 'TargetGroupArn'));
}

function listTargetGroups(
  caller: AwsCaller,
  query: { readonly TargetGroupArns: string[] } | { readonly LoadBalancerArn: string },
  options: CallOptions,
): Promise<readonly TargetGroup[]> {
  const resource =
    'LoadBalancerArn' in query ? query.LoadBalancerArn : query.TargetGroupArns.join();
  return collectPages('target groups', async (token) => {
    const command = new DescribeTargetGroupsCommand({ ...query, Marker: token });
    const reply = await caller.elb(command, { ...options, resource });
    return { items: reply.TargetGroups ?? [], next: reply.NextMarker };
  });
}

async function readLimits(
  caller: AwsCaller,
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  const limits = await collectPages('limits of the account', async (token) => {
    const command = new DescribeAccountLimitsCommand({ Marker: token });
    const reply = await caller.elb(command, { ...options, resource: 'the account' });
    return { items: reply.Limits ?? [], next: reply.NextMarker };
  });
  return new Map(limits.map(({ Name = '', Max }) => [Name, Number(Max)]));
}

/** The name that DescribeAccountLimits has for it, by the type that the ARN tells (API_Limit). */
function limitNameOf(loadBalancerArn: string): string {
  const type = loadBalancerArn.includes('/net/') ? 'network' : 'application';
  return `targets-per-${type}-load-balancer`;
}
