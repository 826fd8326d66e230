import type { AwsRegion, CallOptions, ServerGroupDetails } from '@gennaker/aws';
import {
  fleetsAtOnce,
  mostAtOnce,
  GennakerError,
  instancesBeyond,
  typesBought,
  withinLimits,
  type AddedInstances,
  type Checked,
  type DeployPlan,
  type DeployStage,
  type LimitFacts,
  type TargetRoom,
  type VcpuFacts,
} from '@gennaker/domain';
import { isAdvised, readOrReason } from '../../observe/advice.js';
import type { LaunchSources } from './launch-source.js';

/** AWS's default quota of targets in one target group: what is assumed where Service Quotas does not tell. */
const targetsPerTargetGroupDefault = 1_000;

/** A plan to check. */
export interface PlanToCheck {
  readonly plan: DeployPlan;
  readonly change: AddedInstances;
  /** Groups of the cluster: one that is there already launches by its own mixed instances policy. */
  readonly groups: readonly ServerGroupDetails[];
  readonly launchSources: LaunchSources;
}

/**
 * The plan with warnings about AWS's limits, read live. What cannot be read is a warning, never a failure; a shortage is
 * read once more before it refuses, since one look may be stale. Changes nothing. Throws AWS_QUOTA.
 */
export async function checkLimits(
  region: AwsRegion,
  check: PlanToCheck,
  options: CallOptions,
): Promise<DeployPlan> {
  const { plan, change } = check;
  const most = mostAtOnce(fleetsAtOnce(plan, change), ({ instances, targets }) =>
    Math.max(instances, targets),
  );
  if (most <= 0) return plan;
  if (!isAdvised(most, options)) return plan;
  const judged = async () => withinLimits(plan, change, await readLimits(region, check, options));
  try {
    return await judged();
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_QUOTA') throw error;
    return await judged();
  }
}

/** A deploy makes all of its server group beside those that run; one in place, what its refresh launches beforehand. */
export function addedBy(
  { target, steps }: DeployPlan,
  { zoneFloorPercent }: Pick<DeployStage, 'zoneFloorPercent'>,
): AddedInstances {
  const { desired } = target.capacity;
  const refresh = steps.find((step) => step.operation === 'startInstanceRefresh');
  const added = refresh === undefined ? desired : instancesBeyond(desired, refresh.preferences);
  return { added, ...(zoneFloorPercent !== undefined && { zoneFloorPercent }) };
}

/** The plan under its reserved name with what was found about the draft of it. */
export function withWarningsOf(
  plan: DeployPlan,
  checked: DeployPlan,
  draft: DeployPlan,
): DeployPlan {
  const found = checked.warnings.slice(draft.warnings.length);
  return found.length === 0 ? plan : { ...plan, warnings: [...plan.warnings, ...found] };
}

async function readLimits(
  region: AwsRegion,
  check: PlanToCheck,
  options: CallOptions,
): Promise<LimitFacts> {
  const { target } = check.plan;
  const { targetGroupArns } = target;
  const [subnets, quota, serverGroups, vcpus] = await Promise.all([
    readOrReason(options, () => region.describeSubnets(target.subnetIds, options)),
    targetGroupArns.length === 0
      ? { value: targetsPerTargetGroupDefault }
      : readOrReason(options, () => region.getTargetsPerTargetGroupMax(options)),
    readOrReason(options, () => region.describeServerGroupRoom(options)),
    readOrReason(options, () => readVcpus(region, check, options)),
  ]);
  const targets = await readOrReason(options, () =>
    targetRoom(region, { targetGroupArns, quota }, options),
  );
  return {
    subnets,
    targets,
    serverGroups,
    vcpus,
    ...('unknown' in quota && { targetQuotaUnknown: quota.unknown }),
  };
}

async function readVcpus(
  region: AwsRegion,
  { plan, change, groups, launchSources }: PlanToCheck,
  options: CallOptions,
): Promise<VcpuFacts> {
  const { target } = plan;
  const launch = await launchSources.summary(region, target.launchTemplate, options);
  const there = groups.find((group) => group.view.name === target.serverGroup);
  const from = {
    instanceType: launch?.instanceType ?? null,
    purchase: launch?.purchase ?? 'onDemand',
    mixedInstances: there?.settings.carriedOver.mixedInstances ?? null,
  };
  const types = typesBought(fleetsAtOnce(plan, change), from);
  return { from, room: await region.describeVcpuRoom(types, options) };
}

async function targetRoom(
  region: AwsRegion,
  {
    targetGroupArns,
    quota,
  }: { readonly targetGroupArns: readonly string[]; readonly quota: Checked<number> },
  options: CallOptions,
): Promise<readonly TargetRoom[]> {
  if (targetGroupArns.length === 0) return [];
  const { targetGroups, loadBalancers } = await region.describeTargetRoom(targetGroupArns, options);
  const told =
    'value' in quota
      ? ({ targetsMax: quota.value, source: 'told' } as const)
      : ({ targetsMax: targetsPerTargetGroupDefault, source: 'default' } as const);
  return [
    ...targetGroups.map(({ arn, targets }): TargetRoom => ({
      kind: 'targetGroup',
      name: nameOf(arn),
      targets,
      targetGroups: 1,
      ...told,
    })),
    ...loadBalancers.flatMap((one): readonly TargetRoom[] =>
      one.targetsMax === null
        ? []
        : [
            {
              kind: 'loadBalancer',
              name: nameOf(one.arn),
              targets: one.targets,
              targetGroups: one.targetGroupArns.length,
              targetsMax: one.targetsMax,
              source: 'told',
            },
          ],
    ),
  ];
}

/** The name within an ELBv2 ARN: `…:targetgroup/NAME/ID`, `…:loadbalancer/app/NAME/ID`. */
function nameOf(arn: string): string {
  return arn.split('/').at(-2) ?? arn;
}
