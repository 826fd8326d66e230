import type { LaunchInstancesRequest, LaunchInstancesResult } from '@aws-sdk/client-auto-scaling';
import { findReplay, rememberToken } from '../../ec2/client-token.js';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { checkRange, checkWord } from '../groups/checks.js';
import { awaken, getLiveGroup, membersOf } from '../groups/group-access.js';
import { launchMember } from './launching.js';
import type { GroupRecord } from '../records.js';

const COUNT_MAX = 100;

/**
 * Launches at once, in one zone, and says what came of it; the wanted size grows by what was launched, or by all
 * that was asked for when the group is to go on trying.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchInstances.html
 */
export const launchInstancesHandlers: Handlers = {
  LaunchInstances: ({ scope }: Call, input: LaunchInstancesRequest): LaunchInstancesResult => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const count = input.RequestedCapacity ?? 0;
    checkRange('RequestedCapacity', count, { min: 1, max: COUNT_MAX });
    checkWord('retryStrategy', input.RetryStrategy, ['none', 'retry-with-group-configuration']);
    const use = { action: 'LaunchInstances', token: input.ClientToken, request: input };
    const head = { AutoScalingGroupName: group.name, ClientToken: input.ClientToken };
    const replayed = findReplayed(scope, use);
    if (replayed !== undefined) return { ...head, Instances: collections(scope, replayed) };
    const zone = chosenZone(scope, group, input);
    if (group.desired + count > group.maxSize)
      throw validationError(
        `The requested capacity ${count} would bring the group above its max size ${group.maxSize}.`,
      );
    const before = new Set(membersOf(scope, group.name).map(({ instanceId }) => instanceId));
    const cause = `At ${scope.timestamp()} a user request launched ${count} instance(s).`;
    let launched = 0;
    while (launched < count && launchMember(scope, group, { zone, cause })) launched += 1;
    const isRetried = input.RetryStrategy === 'retry-with-group-configuration';
    scope.tables.groups.update(group.name, {
      desired: group.desired + (isRetried ? count : launched),
    });
    awaken(scope, group.name);
    const ids = membersOf(scope, group.name)
      .map(({ instanceId }) => instanceId)
      .filter((id) => !before.has(id));
    rememberToken(scope, use, { resourceId: ids.join(','), version: 1 });
    const failure = launched === count ? undefined : latestFailure(scope, group);
    return {
      ...head,
      Instances: collections(scope, ids),
      Errors:
        failure === undefined
          ? []
          : [
              {
                AvailabilityZone: zone,
                ErrorCode: 'InsufficientInstanceCapacity',
                ErrorMessage: failure,
              },
            ],
    };
  },
};

function findReplayed(
  scope: Scope,
  use: Parameters<typeof findReplay>[1],
): readonly string[] | undefined {
  if (use.token === undefined || use.token === '')
    throw validationError('ClientToken must be specified');
  try {
    return findReplay(scope, use)?.resourceId.split(',');
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'IdempotentParameterMismatch') throw error;
    throw new AwsError('IdempotentParameterMismatch', error.message, 400);
  }
}

function chosenZone(scope: Scope, group: GroupRecord, input: LaunchInstancesRequest): string {
  const zones = [
    ...(input.AvailabilityZones ?? []),
    ...(input.SubnetIds ?? []).map((id) => scope.tables.subnets.find(id)?.zone ?? id),
  ];
  const [zone = group.zones.length === 1 ? group.zones[0] : undefined] = zones;
  if (zone === undefined)
    throw validationError('A group of several Availability Zones needs a zone or a subnet');
  if (zones.length > 1 || !group.zones.includes(zone))
    throw validationError(
      `The Availability Zone or subnet is not one of the group's: ${zones.join(', ')}`,
    );
  return zone;
}

function collections(scope: Scope, ids: readonly string[]) {
  const members = ids
    .map((id) => scope.tables.instances.find(id))
    .filter((instance) => instance !== undefined);
  return Object.values(Object.groupBy(members, (instance) => instance.instanceType)).map(
    (instances = []) => ({
      InstanceType: instances[0]?.instanceType,
      MarketType: 'on-demand',
      SubnetId: instances[0]?.subnetId,
      AvailabilityZone: instances[0]?.zone,
      InstanceIds: instances.map(({ instanceId }) => instanceId),
    }),
  );
}

function latestFailure(scope: Scope, group: GroupRecord): string {
  const failed = scope.tables.activities
    .where('group', group.name)
    .findLast(({ status }) => status === 'Failed');
  return failed?.message ?? '';
}
