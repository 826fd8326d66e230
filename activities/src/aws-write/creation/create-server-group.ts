import type { AwsRegion } from '@gennaker/aws';
import type {
  AwsWriteActivities,
  CreatedServerGroup,
  CreateServerGroupInput,
} from '@gennaker/contract/wire';
import { GennakerError, type PlannedServerGroup, type ServerGroupView } from '@gennaker/domain';
import { Context } from '@temporalio/activity';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { verify, verifyLooksMax } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { furnish } from './furnish-server-group.js';
import { ensureLaunchTemplate, type LaunchTemplateVersion } from './ensure-launch-template.js';
import type { LaunchSources } from '../plans/launch-source.js';
import { assertMadeByThisStep } from './ownership.js';

/**
 * Makes the new server group at 0/0/0: launch template, Auto Scaling group with tags, target groups and hooks, then the
 * suspended processes, metrics and notifications, so that all of it is there before the first instance (clouddriver-aws
 * 7.10). A second call finds what the first made. Throws NAME_CONFLICT; AWS_CONFLICT while a group of that name is still being deleted.
 */
export function createCreateServerGroup(
  { aws }: AwsActivityDependencies,
  launchSources: LaunchSources,
): AwsWriteActivities['createServerGroup'] {
  return async (input) => {
    const { account, region: regionName } = input.cluster;
    const region = aws.region(account, regionName);
    // A first attempt acts straight away: name and token make that harmless. A later one looks at what the first left.
    const repeated = Context.current().info.attempt > 1;
    const template = await ensureLaunchTemplate(region, input, { launchSources, repeated });
    if (!repeated || !(await isThere(region, input))) await create(region, input, template);
    await suspend(region, input);
    await furnish(region, input);
    return verified(aws, input, template);
  };
}

async function create(
  region: AwsRegion,
  input: CreateServerGroupInput,
  launchTemplate: LaunchTemplateVersion,
): Promise<void> {
  const { context, target } = input;
  const { serverGroup, subnetIds, targetGroupArns, tags, terminationPolicies } = target;
  const { healthCheckType, healthCheckGraceSeconds, cooldownSeconds, expiresAt } = target;
  const { outcome } = await region.createAutoScalingGroup(
    {
      serverGroup,
      launchTemplate,
      subnetIds,
      targetGroupArns,
      healthCheckType,
      healthCheckGraceSeconds,
      cooldownSeconds,
      terminationPolicies,
      tags,
      ...(expiresAt !== undefined && { expiresAt }),
      ...carriedOver(target),
      owner: context,
    },
    await writing(context.priority),
  );
  if (outcome === 'alreadyExists' && !(await isThere(region, input))) {
    throw busy(serverGroup, 'Auto Scaling answered that it exists, but does not show it yet');
  }
}

/** The hooks go with the creation: put afterwards, they would miss the first instances (va.gov-cms#1719). */
function carriedOver({ carriedOver: carried }: PlannedServerGroup) {
  if (carried === undefined) return {};
  const { members, mixedInstances, lifecycleHooks } = carried;
  return { members, mixedInstances, lifecycleHooks };
}

/** Whether this step's group is there. Throws NAME_CONFLICT for another's, AWS_CONFLICT for one on its way out. */
async function isThere(
  region: AwsRegion,
  { context, target }: CreateServerGroupInput,
): Promise<boolean> {
  const { serverGroup } = target;
  const [found] = await region.describeServerGroups([serverGroup], reading(context.priority));
  if (found === undefined) return false;
  if (found.view.deleting) throw busy(serverGroup, 'a group of that name is still being deleted');
  assertMadeByThisStep({ kind: 'Server group', name: serverGroup }, found.tags, context);
  return true;
}

async function suspend(
  region: AwsRegion,
  { context, target }: CreateServerGroupInput,
): Promise<void> {
  if (target.suspendedProcesses.length === 0) return;
  await region.suspendProcesses(
    target.serverGroup,
    target.suspendedProcesses,
    await writing(context.priority),
  );
}

async function verified(
  aws: AwsActivityDependencies['aws'],
  { context, cluster, target }: CreateServerGroupInput,
  template: LaunchTemplateVersion,
): Promise<CreatedServerGroup> {
  const { account, region } = cluster;
  const { serverGroup, suspendedProcesses, targetGroupArns } = target;
  const observed = observedSubject(aws, { account, region, serverGroup }, context.priority);
  const made = await verify(observed, {
    withHealth: false,
    expected: `our tags, target groups ${targetGroupArns.join(', ')}, suspended ${suspendedProcesses.join(', ')}`,
    vanishedLooksMax: verifyLooksMax,
    isSo: (seen) =>
      isOwnedBy(seen, context) &&
      suspendedProcesses.every((process) => seen.suspendedProcesses.includes(process)) &&
      targetGroupArns.every((arn) => seen.targetGroupArns.includes(arn)),
  });
  return {
    serverGroup,
    arn: made.arn,
    launchTemplateId: template.launchTemplateId,
    launchTemplateVersion: template.version,
  };
}

function isOwnedBy(
  group: ServerGroupView,
  { executionId, stage }: { readonly executionId: string; readonly stage: string },
): boolean {
  return group.owner?.executionId === executionId && group.owner.stage === stage;
}

function busy(serverGroup: string, why: string): GennakerError {
  return new GennakerError('AWS_CONFLICT', `${serverGroup} cannot be made yet: ${why}.`, {
    details: { serverGroup },
  });
}
