import type {
  AttachLoadBalancerTargetGroupsType,
  DescribeLoadBalancerTargetGroupsRequest,
  DescribeLoadBalancerTargetGroupsResponse,
  DetachLoadBalancerTargetGroupsType,
} from '@aws-sdk/client-auto-scaling';
import { deregisterTarget, drainSecondsOf, targetKey } from '../../elb/target-health.js';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { getGroup, getLiveGroup, isSuspended, membersOf } from '../groups/group-access.js';
import { refuseDuringRefresh } from '../refreshes/instance-refreshes.js';
import { registerMember } from '../members/launching.js';
import type { AttachedTargetGroup, GroupRecord } from '../records.js';

/** From the call to the first registrations; an assumption. */
const ATTACH_SECONDS = 2;
const CALL_MAX = 10;
const GROUP_MAX = 50;

/**
 * Attaching: Adding → Added → InService (one instance is healthy); detaching: Removing → gone, after draining.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html
 */
export const attachmentHandlers: Handlers = {
  AttachLoadBalancerTargetGroups: ({ scope }: Call, input: AttachLoadBalancerTargetGroupsType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    refuseDuringRefresh(scope, group);
    const arns = checkedTargetGroups(scope, input.TargetGroupARNs ?? []);
    attach(scope, group, { arns, asTrafficSource: false });
    return {};
  },
  DetachLoadBalancerTargetGroups: ({ scope }: Call, input: DetachLoadBalancerTargetGroupsType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const arns = input.TargetGroupARNs ?? [];
    const absent = arns.find((arn) => !group.targetGroups.some((attached) => attached.arn === arn));
    if (absent !== undefined)
      throw validationError(
        `Trying to remove Target Groups that are not part of the group: ${absent}`,
      );
    // "To detach a target group attached by AttachTrafficSources, use DetachTrafficSources."
    const source = group.targetGroups.find(
      ({ arn, isTrafficSource }) => arns.includes(arn) && isTrafficSource === true,
    );
    if (source !== undefined)
      throw validationError(
        `The target group ${source.arn} was attached as a traffic source. Use DetachTrafficSources to detach it.`,
      );
    detach(scope, group, arns);
    return {};
  },
  DescribeLoadBalancerTargetGroups: (
    { scope, reading }: Call,
    input: DescribeLoadBalancerTargetGroupsRequest,
  ): DescribeLoadBalancerTargetGroupsResponse => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    const page = reading.page({
      rows: group.targetGroups.filter(({ isTrafficSource }) => isTrafficSource !== true),
      key: ({ arn }) => arn,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return {
      LoadBalancerTargetGroups: page.items.map(({ arn, state }) => ({
        LoadBalancerTargetGroupARN: arn,
        State: state,
      })),
      NextToken: page.nextToken,
    };
  },
};

export const attachmentTransitions: Readonly<Record<string, Transition>> = {
  'group:attachments-settled': (scope, name) => {
    const group = scope.tables.groups.find(name);
    if (group === undefined) return;
    const isNew = group.targetGroups.some(({ state }) => state === 'Adding');
    const settled = group.targetGroups.map((attached) => settle(scope, attached));
    setAttachments(scope, group, settled);
    // While AddToLoadBalancer is suspended the instances stay out; AWS does not say, so this is an assumption.
    if (!isNew || isSuspended(group, 'AddToLoadBalancer')) return;
    for (const member of membersOf(scope, name)) {
      if (member.state === 'InService')
        registerMember(scope, { ...group, targetGroups: settled }, member);
    }
  },
  'group:detached': (scope, name) => {
    const group = scope.tables.groups.find(name);
    if (group !== undefined)
      setAttachments(
        scope,
        group,
        group.targetGroups.filter(({ state }) => state !== 'Removing'),
      );
  },
};

export function newAttachments(
  arns: readonly string[],
  asTrafficSource: boolean,
): readonly AttachedTargetGroup[] {
  return arns.map((arn) => ({
    arn,
    state: 'Adding',
    ...(asTrafficSource ? { isTrafficSource: true } : {}),
  }));
}

export function settleSoon(scope: Scope, group: string): void {
  scope.schedule('group:attachments-settled', group, ATTACH_SECONDS);
}

/** The target groups when all of them are there, or Auto Scaling's refusal. */
export function checkedTargetGroups(scope: Scope, arns: readonly string[]): readonly string[] {
  if (arns.length > CALL_MAX)
    throw validationError(`At most ${CALL_MAX} target groups can be named in a call`);
  const absent = arns.find((arn) => scope.tables.targetGroups.find(arn) === undefined);
  if (absent !== undefined)
    throw validationError(
      `Provided Target Groups may not be valid. Please ensure they exist and try again: ${absent}`,
    );
  return [...new Set(arns)];
}

function settle(scope: Scope, attached: AttachedTargetGroup): AttachedTargetGroup {
  if (attached.state === 'Removing' || attached.state === 'InService') return attached;
  const isServing = scope.tables.targets
    .where('targetGroup', attached.arn)
    .some(({ state }) => state === 'healthy');
  return { ...attached, state: isServing && attached.state === 'Added' ? 'InService' : 'Added' };
}

/** Attaches target groups; those that are attached already stay as they are. */
export function attach(
  scope: Scope,
  group: GroupRecord,
  wanted: { readonly arns: readonly string[]; readonly asTrafficSource: boolean },
): void {
  const { arns, asTrafficSource } = wanted;
  const kept = group.targetGroups.filter(
    ({ arn, state }) => state !== 'Removing' || !arns.includes(arn),
  );
  const added = arns.filter((arn) => !kept.some((attached) => attached.arn === arn));
  if (kept.length + added.length > GROUP_MAX)
    throw new AwsError('LimitExceeded', `At most ${GROUP_MAX} target groups can be attached`);
  setAttachments(scope, group, [...kept, ...newAttachments(added, asTrafficSource)]);
  if (added.length > 0) settleSoon(scope, group.name);
}

/** Begins to detach target groups: the group's members drain. */
export function detach(scope: Scope, group: GroupRecord, arns: readonly string[]): void {
  setAttachments(
    scope,
    group,
    group.targetGroups.map((attached) =>
      arns.includes(attached.arn) ? { ...attached, state: 'Removing' } : attached,
    ),
  );
  const members = new Set(membersOf(scope, group.name).map(({ instanceId }) => instanceId));
  for (const target of arns.flatMap((arn) => scope.tables.targets.where('targetGroup', arn))) {
    if (members.has(target.instanceId)) deregisterTarget(scope, targetKey(target));
  }
  scope.reschedule(
    'group:detached',
    group.name,
    Math.max(...arns.map((arn) => drainSecondsOf(scope, arn))),
  );
}

function setAttachments(
  scope: Scope,
  group: GroupRecord,
  targetGroups: readonly AttachedTargetGroup[],
): void {
  scope.tables.groups.update(group.name, { targetGroups });
}
