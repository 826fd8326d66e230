import type { LaunchTemplateOverrides } from '@aws-sdk/client-auto-scaling';
import type { Scope } from '../../world/scope.js';
import { findActiveRefresh, markerOf } from '../refreshes/active-refresh.js';
import { pinnedSource, templateSource, type LaunchOption } from './launch-source.js';
import type { GroupRecord, LaunchPlan } from '../records.js';

/** What the group launches from now: an instance refresh launches by its own plan until it has ended. */
export function launchPlanOf(
  scope: Scope,
  group: GroupRecord,
): LaunchPlan & { readonly refreshedBy: string | undefined } {
  const refresh = findActiveRefresh(scope, group.name);
  if (refresh === undefined) {
    return {
      launch: group.launch,
      policy: group.extras.MixedInstancesPolicy,
      refreshedBy: undefined,
    };
  }
  const plan = refresh.rollback === undefined ? refresh.plan : refresh.previous;
  return { ...plan, refreshedBy: markerOf(refresh) };
}

/**
 * The ways to launch by that plan, the preferred one first. Overrides of a mixed instances policy are tried in the
 * order in which they are listed, whatever the allocation strategy (prices are not simulated: an assumption).
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
 */
export function launchOptionsOf(scope: Scope, plan: LaunchPlan): readonly LaunchOption[] {
  const overrides = plan.policy?.LaunchTemplate?.Overrides ?? [];
  const plain: LaunchOption = {
    source: pinnedSource(scope, plan.launch),
    instanceType: undefined,
    imageId: undefined,
    weight: 1,
  };
  if (overrides.length === 0) return [plain];
  return overrides.map((override) => optionOf(scope, plain, override));
}

function optionOf(
  scope: Scope,
  plain: LaunchOption,
  override: LaunchTemplateOverrides,
): LaunchOption {
  const specification = override.LaunchTemplateSpecification;
  return {
    source:
      specification === undefined
        ? plain.source
        : pinnedSource(scope, templateSource(scope, specification)),
    instanceType: override.InstanceType,
    imageId: override.ImageId,
    weight: Number(override.WeightedCapacity ?? 1),
  };
}
