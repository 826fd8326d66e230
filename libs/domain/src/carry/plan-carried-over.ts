import { copiedAlarms } from './alarm-copies.js';
import { renamedMembers, type Renames } from './aws-members.js';
import {
  carriedOverBounds,
  isKnownPolicyType,
  isTooLarge,
  watchesInstance,
} from './carried-over-refusals.js';
import type { PlannedCarriedOver, PlannedScaling } from './planned-carried-over.js';
import type {
  MixedInstances,
  ScalingPolicy,
  ScheduledAction,
  SourceCarriedOver,
} from './source-carried-over.js';

/** What a copy is planned from. */
export interface CarryFacts {
  readonly source: SourceCarriedOver;
  readonly renames: Renames;
  /** The stage's; null: as the source has it. */
  readonly instanceType: string | null;
  /** AWS's time, ISO 8601. */
  readonly now: string;
}

/**
 * What the new server group gets from the source besides its launch template. Everything that `carriedOverRefusals` names
 * is left out: it is only planned where the stage accepts that. Pure; the same facts give the same plan.
 */
export function planCarriedOver(facts: CarryFacts): PlannedCarriedOver {
  const { group, lifecycleHooks, notifications } = facts.source;
  return {
    members: group.members,
    mixedInstances: plannedMixedInstances(group.mixedInstances, facts.instanceType),
    lifecycleHooks,
    notifications,
    enabledMetrics: group.enabledMetrics,
    scaling: plannedScaling(facts),
  };
}

function plannedScaling({ source, renames, now }: CarryFacts): PlannedScaling {
  const { warmPool } = source.group;
  if (isTooLarge(source)) return { policies: [], alarms: [], scheduledActions: [], warmPool };
  const policies = source.policies
    .filter(({ type }) => isKnownPolicyType(type))
    .slice(0, carriedOverBounds.policiesMax)
    .map(({ name, type, members }): ScalingPolicy => ({
      name,
      type,
      members: renamedMembers(members, renames),
    }));
  const alarms = source.alarms
    .filter((alarm) => !watchesInstance(alarm))
    .slice(0, carriedOverBounds.alarmsMax);
  return {
    policies,
    alarms: copiedAlarms({ alarms, policies: source.policies, copied: policies, renames }),
    scheduledActions: source.scheduledActions
      .filter((action) => !isOver(action, now))
      .slice(0, carriedOverBounds.scheduledActionsMax),
    warmPool,
  };
}

/** Whether it will not act again: Auto Scaling removes it by itself, only a moment later. */
export function isOver({ recurrence, startAt, endAt }: ScheduledAction, now: string): boolean {
  if (endAt !== null && Date.parse(endAt) <= Date.parse(now)) return true;
  return recurrence === null && startAt !== null && Date.parse(startAt) <= Date.parse(now);
}

/**
 * The policy without a template or an image of an override's own. A stage's instance type takes the place of all overrides:
 * the group launches that type alone, and the shares of On-Demand and Spot stay.
 */
function plannedMixedInstances(
  policy: MixedInstances | null,
  instanceType: string | null,
): MixedInstances | null {
  if (policy === null || instanceType !== null) return policy && { ...policy, overrides: [] };
  return {
    ...policy,
    overrides: policy.overrides.map((override) => {
      const {
        LaunchTemplateSpecification: _template,
        ImageId: _image,
        WeightedCapacity: _weight,
        ...members
      } = override;
      return members;
    }),
  };
}
