import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstanceDetails,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  Filter,
  Instance,
  Tag,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import { warmPoolView } from './group-things.js';
import { launchSourceView } from '../members/launch-source.js';
import type { GroupRecord, MemberRecord } from '../records.js';

const NAMES_MAX = 50;

export const groupReadHandlers: Handlers = {
  DescribeAutoScalingGroups: (
    call: Call,
    input: AutoScalingGroupNamesType,
  ): AutoScalingGroupsType => {
    const { groups } = call.scope.tables;
    const names = input.AutoScalingGroupNames ?? [];
    if (names.length > NAMES_MAX)
      throw validationError(
        `The number of AutoScalingGroup names exceeds the limit of ${NAMES_MAX}`,
      );
    const named =
      names.length === 0
        ? groups.all()
        : names.map((name) => groups.find(name)).filter((group) => group !== undefined);
    const page = call.reading.page({
      rows: named.filter(tagFilterOf(input.Filters)),
      key: ({ name }) => name,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return {
      AutoScalingGroups: page.items.map((group) =>
        groupView(call, group, input.IncludeInstances !== false),
      ),
      NextToken: page.nextToken,
    };
  },
  DescribeAutoScalingInstances: (
    call: Call,
    input: DescribeAutoScalingInstancesType,
  ): AutoScalingInstancesType => {
    if ((input.InstanceIds?.length ?? 0) > NAMES_MAX)
      throw validationError(`The number of instance ids exceeds the limit of ${NAMES_MAX}`);
    const rows = call.scope.tables.members
      .allAsOf(call.reading.asOf)
      .filter(({ instanceId }) => input.InstanceIds?.includes(instanceId) ?? true);
    const page = call.reading.page({
      rows,
      key: ({ instanceId }) => instanceId,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 50,
    });
    return { AutoScalingInstances: page.items.map(memberDetails), NextToken: page.nextToken };
  },
};

/** The group as it is; its instances as this call sees them, which may be a moment ago. */
function groupView(call: Call, group: GroupRecord, withInstances: boolean): AutoScalingGroup {
  const { scope, reading } = call;
  const members = scope.tables.members.allAsOf(reading.asOf, { name: 'group', value: group.name });
  const pool = scope.tables.warmPools.find(group.name);
  const isMixed = group.extras.MixedInstancesPolicy !== undefined;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...(isMixed ? {} : launchSourceView(group.launch)),
    ...group.extras,
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldownSeconds,
    AvailabilityZones: reading.all(group.zones, (zone) => zone).slice(),
    VPCZoneIdentifier: group.subnetIds.join(','),
    LoadBalancerNames: group.extras.LoadBalancerNames ?? [],
    TargetGroupARNs: group.targetGroups
      .filter(({ state }) => state !== 'Removing')
      .map(({ arn }) => arn),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.graceSeconds,
    Instances: withInstances
      ? reading.all(members, ({ instanceId }) => instanceId).map(memberView)
      : [],
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspended.map((process) => ({
      ProcessName: process,
      SuspensionReason: `User suspended at ${new Date(group.suspendedAt[process] ?? group.createdAt).toISOString()}`,
    })),
    EnabledMetrics: (group.metrics ?? []).map((Metric) => ({ Metric, Granularity: '1Minute' })),
    ...(pool === undefined ? {} : { WarmPoolConfiguration: warmPoolView(pool), WarmPoolSize: 0 }),
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
    Tags: reading.all(group.tags, (tag) => tag.Key ?? '').slice(),
    TerminationPolicies: [...group.terminationPolicies],
    NewInstancesProtectedFromScaleIn: group.protectsNewInstances,
    DeletionProtection: (group.deletionProtection ?? 'none') as NonNullable<
      AutoScalingGroup['DeletionProtection']
    >,
    ServiceLinkedRoleARN:
      group.extras.ServiceLinkedRoleARN ??
      `arn:aws:iam::${scope.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    TrafficSources: group.targetGroups.map(({ arn }) => ({ Identifier: arn, Type: 'elbv2' })),
  };
}

function memberView(member: MemberRecord): Instance {
  return {
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    AvailabilityZone: member.zone,
    LifecycleState: member.state,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    ...launchSourceView(member.launch),
    ProtectedFromScaleIn: member.protectedFromScaleIn,
    ...(member.weight === undefined ? {} : { WeightedCapacity: String(member.weight) }),
  };
}

function memberDetails(member: MemberRecord): AutoScalingInstanceDetails {
  return {
    ...memberView(member),
    InstanceId: member.instanceId,
    AutoScalingGroupName: member.group,
    // This call alone shows the health in capitals.
    HealthStatus: member.healthy ? 'HEALTHY' : 'UNHEALTHY',
  };
}

/** Whether a group matches all filters; one that is not known is refused at once. */
function tagFilterOf(filters: readonly Filter[] | undefined): (group: GroupRecord) => boolean {
  const known = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const isTag = name.startsWith('tag:');
    if (!isTag && name !== 'tag-key' && name !== 'tag-value')
      throw validationError(
        `Filter type ${name} is not correct. Allowed filter types are: tag-key, tag-value, tag:<key>`,
      );
    return ({ Key: key = '', Value: value = '' }: Tag) => {
      if (name === 'tag-key') return values.includes(key);
      return values.includes(value) && (!isTag || key === name.slice(4));
    };
  });
  return ({ tags }) => known.every((matches) => tags.some(matches));
}
