import type { AwsRegion, CallOptions } from '@gennaker/aws';
import {
  GennakerError,
  instancesBeyond,
  withinLimits,
  type AddedInstances,
  type DeployPlan,
  type DeployStage,
  type LimitFacts,
  type TargetRoom,
} from '@gennaker/domain';
import { isAdvised, readOrReason } from '../../observe/advice.js';

/** AWS's default quota of targets in one target group, which DescribeAccountLimits does not tell. */
const targetsPerTargetGroupDefault = 1_000;

/** A plan to check. */
export interface PlanToCheck {
  readonly plan: DeployPlan;
  readonly change: AddedInstances;
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
  const most = Math.max(change.added, change.targetsAdded ?? 0);
  if (most <= 0) return plan;
  if (!isAdvised(most, options)) return plan;
  const judged = async () => withinLimits(plan, change, await readLimits(region, plan, options));
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
  { target }: DeployPlan,
  options: CallOptions,
): Promise<LimitFacts> {
  const [subnets, targets, serverGroups] = await Promise.all([
    readOrReason(options, () => region.describeSubnets(target.subnetIds, options)),
    readOrReason(options, () => targetRoom(region, target.targetGroupArns, options)),
    readOrReason(options, () => region.describeServerGroupRoom(options)),
  ]);
  return { subnets, targets, serverGroups };
}

async function targetRoom(
  region: AwsRegion,
  targetGroupArns: readonly string[],
  options: CallOptions,
): Promise<readonly TargetRoom[]> {
  if (targetGroupArns.length === 0) return [];
  const { targetGroups, loadBalancers } = await region.describeTargetRoom(targetGroupArns, options);
  return [
    ...targetGroups.map(({ arn, targets }): TargetRoom => ({
      what: `target group ${nameOf(arn)}`,
      targets,
      targetGroups: 1,
      targetsMax: targetsPerTargetGroupDefault,
      source: 'default',
    })),
    ...loadBalancers.flatMap((one): readonly TargetRoom[] =>
      one.targetsMax === null
        ? []
        : [
            {
              what: `load balancer ${nameOf(one.arn)}`,
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
