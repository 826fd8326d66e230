import type {
  CancelInstanceRefreshAnswer,
  CancelInstanceRefreshType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  InstanceRefresh,
  RollbackInstanceRefreshAnswer,
  RollbackInstanceRefreshType,
  StartInstanceRefreshAnswer,
  StartInstanceRefreshType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { findActiveRefresh } from './active-refresh.js';
import { awaken, getGroup, getLiveGroup } from '../groups/group-access.js';
import { resolveLaunchSource } from '../members/launch-source.js';
import { beginRollback, canRollBack } from './refresh-progress.js';
import { checkedPreferences } from './refresh-preferences.js';
import type { GroupRecord, LaunchPlan, RefreshRecord } from '../records.js';
import { viewOf } from './refresh-plan.js';

const KEPT_MAX = 100;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html */
export const instanceRefreshHandlers: Handlers = {
  StartInstanceRefresh: (
    { scope }: Call,
    input: StartInstanceRefreshType,
  ): StartInstanceRefreshAnswer => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    refuseDuringRefresh(scope, group);
    if ((input.Strategy ?? 'Rolling') !== 'Rolling')
      throw new AwsError('InternalFailure', `The strategy ${input.Strategy} is not there`, 501);
    const refresh = newRefresh(scope, group, input);
    scope.tables.refreshes.put(refresh.id, refresh);
    const { percentageComplete: _percentage, ...view } = viewOf(scope, group, refresh);
    scope.tables.refreshes.update(refresh.id, { instancesToUpdate: view.instancesToUpdate });
    forgetOldest(scope, group.name);
    scope.schedule('refresh:advanced', group.name, 1);
    return { InstanceRefreshId: refresh.id };
  },
  CancelInstanceRefresh: (
    { scope }: Call,
    input: CancelInstanceRefreshType,
  ): CancelInstanceRefreshAnswer => {
    const refresh = getActive(scope, input.AutoScalingGroupName);
    scope.tables.refreshes.update(refresh.id, {
      status: 'Cancelling',
      statusReason: 'Cancelling due to user request.',
      waitsUntil: undefined,
    });
    scope.reschedule('refresh:advanced', refresh.group, 1);
    awaken(scope, refresh.group);
    return { InstanceRefreshId: refresh.id };
  },
  RollbackInstanceRefresh: (
    { scope }: Call,
    input: RollbackInstanceRefreshType,
  ): RollbackInstanceRefreshAnswer => {
    const refresh = getActive(scope, input.AutoScalingGroupName);
    if (
      refresh.rollback !== undefined ||
      refresh.status === 'Cancelling' ||
      !canRollBack(refresh)
    ) {
      throw new AwsError(
        'IrreversibleInstanceRefresh',
        'The instance refresh cannot be rolled back: it needs a desired configuration, and launch template versions that are numbers.',
      );
    }
    beginRollback(scope, refresh, 'Rollback requested by user.');
    return { InstanceRefreshId: refresh.id };
  },
  DescribeInstanceRefreshes: (
    { scope, reading }: Call,
    input: DescribeInstanceRefreshesType,
  ): DescribeInstanceRefreshesAnswer => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    const rows = scope.tables.refreshes
      .where('group', group.name)
      .filter(({ id }) => input.InstanceRefreshIds?.includes(id) ?? true);
    // "The most recent first", so that this list is never shuffled.
    const page = reading.inOrder({
      rows,
      key: ({ sequence }) => String(1e12 - sequence).padStart(13, '0'),
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return { InstanceRefreshes: page.items.map(refreshView), NextToken: page.nextToken };
  },
};

/** Refuses what may not be done while a refresh is active (Attach… of load balancing, another refresh). */
export function refuseDuringRefresh(scope: Scope, group: GroupRecord): void {
  if (findActiveRefresh(scope, group.name) !== undefined) {
    throw new AwsError(
      'InstanceRefreshInProgress',
      'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
    );
  }
}

function newRefresh(
  scope: Scope,
  group: GroupRecord,
  input: StartInstanceRefreshType,
): RefreshRecord {
  const previous: LaunchPlan = {
    launch: group.launch,
    policy: group.extras.MixedInstancesPolicy,
  };
  const wanted = input.DesiredConfiguration;
  const launch = wanted === undefined ? undefined : resolveLaunchSource(scope, wanted);
  const hex = scope.world.nextHex(32);
  return {
    id: [8, 12, 16, 20, 32]
      .map((end, index) => hex.slice([0, 8, 12, 16, 20][index], end))
      .join('-'),
    group: group.name,
    sequence: scope.world.nextNumber(),
    status: 'Pending',
    statusReason: undefined,
    startedAt: scope.now(),
    endedAt: undefined,
    strategy: 'Rolling',
    preferences: checkedPreferences(scope, group, input),
    wanted,
    plan: launch === undefined ? previous : { launch, policy: wanted?.MixedInstancesPolicy },
    previous,
    checkpointsPassed: 0,
    waitsUntil: undefined,
    movedAt: scope.now(),
    percentageComplete: 0,
    instancesToUpdate: 0,
    rollback: undefined,
  };
}

function getActive(scope: Scope, groupName: string | undefined): RefreshRecord {
  const refresh = findActiveRefresh(scope, getLiveGroup(scope, groupName).name);
  if (refresh !== undefined) return refresh;
  throw new AwsError(
    'ActiveInstanceRefreshNotFound',
    `No in progress or pending Instance Refresh found for Auto Scaling group ${groupName}`,
  );
}

function forgetOldest(scope: Scope, group: string): void {
  const [oldest, ...others] = scope.tables.refreshes.where('group', group);
  if (oldest !== undefined && others.length >= KEPT_MAX) scope.tables.refreshes.delete(oldest.id);
}

function refreshView(refresh: RefreshRecord): InstanceRefresh {
  const { percentageComplete, instancesToUpdate, rollback } = refresh;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: refresh.status,
    StatusReason: refresh.statusReason,
    StartTime: new Date(refresh.startedAt),
    EndTime: refresh.endedAt === undefined ? undefined : new Date(refresh.endedAt),
    PercentageComplete: percentageComplete,
    InstancesToUpdate: instancesToUpdate,
    Preferences: refresh.preferences,
    DesiredConfiguration: refresh.wanted,
    Strategy: refresh.strategy,
    RollbackDetails:
      rollback === undefined
        ? undefined
        : {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.startedAt),
            PercentageCompleteOnRollback: rollback.percentageComplete,
            InstancesToUpdateOnRollback: rollback.instancesToUpdate,
          },
  };
}
