import { isEmptyScaling, type PlannedScaling } from '../carry/planned-carried-over.js';
import type { PlanStep } from './plan-step.js';
import type { StrategyFacts } from './strategy-plan.js';

/**
 * Gives the new group the source's policies, alarms and scheduled actions; no step where there are none. It belongs behind
 * the wait for health and before the first group is taken out of traffic: what AWS refuses stops the deploy while nothing
 * has moved, and the new group can scale out from the moment at which it carries all traffic. It cannot scale in: the
 * strategy pins its minimum. Scheduled actions know no minimum, so they are held until {@link releaseScalingStep}.
 */
export function attachScalingStep(facts: StrategyFacts): readonly PlanStep[] {
  const scaling = scalingOf(facts);
  if (scaling === null) return [];
  const { serverGroup } = facts.target;
  return [
    {
      id: 'attachScaling',
      operation: 'attachScaling',
      title: `Attach ${counted(scaling)} to ${serverGroup}`,
      subject: subjectOf(facts),
      holds: heldBy(facts, scaling),
    },
  ];
}

/** Lets the scheduled actions act, once the switch is verified and the pins are gone; no step where nothing was held. */
export function releaseScalingStep(facts: StrategyFacts): readonly PlanStep[] {
  const scaling = scalingOf(facts);
  const resumes = scaling === null ? [] : heldBy(facts, scaling);
  if (resumes.length === 0) return [];
  return [
    {
      id: 'releaseScaling',
      operation: 'releaseScaling',
      title: `Resume ${resumes.join(', ')} of ${facts.target.serverGroup}`,
      subject: subjectOf(facts),
      resumes,
    },
  ];
}

function scalingOf({ target }: StrategyFacts): PlannedScaling | null {
  const scaling = target.carriedOver?.scaling;
  return scaling === undefined || isEmptyScaling(scaling) ? null : scaling;
}

/** What the source has suspended stays suspended for good: that is inherited and not held. */
function heldBy({ target }: StrategyFacts, { scheduledActions }: PlannedScaling): string[] {
  const holds = scheduledActions.length > 0 ? ['ScheduledActions'] : [];
  return holds.filter((process) => !target.suspendedProcesses.includes(process));
}

function counted({ policies, alarms, scheduledActions, warmPool }: PlannedScaling): string {
  const parts = [
    count(policies, 'scaling policy', 'scaling policies'),
    count(alarms, 'alarm', 'alarms'),
    count(scheduledActions, 'scheduled action', 'scheduled actions'),
    ...(warmPool === null ? [] : ['a warm pool']),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function count(things: readonly unknown[], one: string, many: string): string {
  if (things.length === 0) return '';
  return `${things.length} ${things.length === 1 ? one : many}`;
}

function subjectOf({ cluster, target }: StrategyFacts) {
  return { account: cluster.account, region: cluster.region, serverGroup: target.serverGroup };
}
