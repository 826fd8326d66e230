import {
  DescribeInstanceRefreshesCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import {
  refreshStatuses,
  type InstanceRefreshView,
  type LaunchTemplateVersionRef,
  type RefreshStatus,
} from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { collectPages } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';

/** See RefreshReads. AWS gives the newest first, so no more is read than is wanted. */
export async function describeInstanceRefreshes(
  caller: AwsCaller,
  query: { readonly serverGroup: string; readonly refreshesMax: number },
  options: CallOptions,
): Promise<readonly InstanceRefreshView[]> {
  const { serverGroup, refreshesMax } = query;
  let count = 0;
  const found = await collectPages(`instance refreshes of ${serverGroup}`, async (NextToken) => {
    const command = new DescribeInstanceRefreshesCommand({
      AutoScalingGroupName: serverGroup,
      MaxRecords: refreshesMax,
      NextToken,
    });
    const reply = await caller.autoscaling(command, { ...options, resource: serverGroup });
    const items = reply.InstanceRefreshes ?? [];
    count += items.length;
    return { items, next: count < refreshesMax ? reply.NextToken : undefined };
  });
  return found.slice(0, refreshesMax).map(toView);
}

function toView(refresh: InstanceRefresh): InstanceRefreshView {
  const status = requiredField(refresh.Status, 'Status');
  return {
    refreshId: requiredField(refresh.InstanceRefreshId, 'InstanceRefreshId'),
    status: isKnown(status) ? status : 'Unknown',
    statusReason: refresh.StatusReason ?? null,
    startedAt: requiredField(refresh.StartTime, 'StartTime').toISOString(),
    endedAt: refresh.EndTime?.toISOString() ?? null,
    percentComplete: refresh.PercentageComplete ?? 0,
    instancesToUpdate: refresh.InstancesToUpdate ?? 0,
    desired: desiredVersion(refresh.DesiredConfiguration),
    rollbackReason:
      refresh.RollbackDetails === undefined ? null : (refresh.RollbackDetails.RollbackReason ?? ''),
  };
}

function isKnown(status: string): status is RefreshStatus {
  return (refreshStatuses as readonly string[]).includes(status);
}

/** By id only: a name may have been given to another template since. */
function desiredVersion(
  desired: DesiredConfiguration | undefined,
): LaunchTemplateVersionRef | null {
  const template =
    desired?.LaunchTemplate ??
    desired?.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (template?.LaunchTemplateId === undefined) return null;
  return { launchTemplateId: template.LaunchTemplateId, version: template.Version ?? '$Default' };
}
