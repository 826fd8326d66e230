import type { ServerGroupView } from '../groups/cluster.js';
import type { DeployFacts } from './deploy-facts.js';
import type { PlannedEnd } from './plan-promise.js';
import { shrinkSteps } from './red-black/teardown-steps.js';
import type { StrategyFacts, StrategyPlan } from './strategy-plan.js';

/**
 * Server groups that were kept after their deploy had failed and whose time is over by our clock, which their expiry tag is
 * by: ours by their owner tags, still disabled, and neither the new group nor the source. Who holds the lock of the cluster
 * knows that no deploy still needs one: an attempt, and an undo that is not finished, hold that lock. Nothing without
 * `readAt`, or where the tag is no time. Pure.
 */
export function expiredGroups(
  { cluster, serverGroup, readAt }: Pick<DeployFacts, 'cluster' | 'serverGroup' | 'readAt'>,
  source: ServerGroupView | null,
): readonly ServerGroupView[] {
  if (readAt === undefined) return [];
  const others = cluster.serverGroups.filter(
    ({ name }) => name !== serverGroup && name !== source?.name,
  );
  return others.filter(
    ({ deleting, enabled, owner, keptUntil = '' }) =>
      // A time that cannot be read is before nothing.
      !deleting && !enabled && owner !== null && Date.parse(keptUntil) < Date.parse(readAt),
  );
}

/**
 * The plan with the destruction of these at its end, behind the verified switch: what fails of that, and a group that takes
 * traffic by then, is told and undoes nothing. Those that the strategy destroys by itself stay where they are. Pure.
 */
export function withoutExpired(
  facts: StrategyFacts,
  planned: StrategyPlan,
  expired: readonly ServerGroupView[],
): StrategyPlan {
  const { steps, destroys = [], promise } = planned;
  const groups = expired.filter(({ name }) => !destroys.includes(name));
  if (groups.length === 0) return planned;
  const names = groups.map(({ name }) => name);
  const ends = (all: readonly PlannedEnd[], change: Partial<PlannedEnd>) =>
    all.map((end) => (names.includes(end.serverGroup) ? { ...end, ...change } : end));
  const { succeeded, undone } = promise;
  return {
    ...planned,
    steps: [...steps, ...shrinkSteps(facts, { groups, warnings: [] }, 'after')],
    destroys: [...destroys, ...names],
    promise: {
      ...promise,
      succeeded: { serverGroups: ends(succeeded.serverGroups, { state: 'gone', capacity: null }) },
      undone: { serverGroups: ends(undone.serverGroups, { mayBeGone: true }) },
    },
  };
}

/** What a person should know of the groups that were kept: their instances run on and cost money. */
export function keptWarnings(
  { cluster, serverGroup }: DeployFacts,
  expired: readonly ServerGroupView[],
): readonly string[] {
  return cluster.serverGroups
    .filter((group) => !group.deleting && group.name !== serverGroup)
    .flatMap((group) => {
      const { name, keptUntil, instances, owner } = group;
      if (keptUntil === undefined) return [];
      const whose = owner === null ? '' : ` (execution ${owner.executionId})`;
      return [
        `${name} was kept after its deploy had failed${whose}, until ${keptUntil === '' ? 'no stated time' : keptUntil}, with ` +
          `${instances.length} instances: ${fateInWords(group, expired.includes(group))}.`,
      ];
    });
}

function fateInWords({ enabled }: ServerGroupView, isExpired: boolean): string {
  if (enabled) return 'it is enabled by now, and left as it is';
  return isExpired
    ? 'that time is over, and it is destroyed at the end of this deploy'
    : 'it is out of traffic and left as it is; the first deploy after that time destroys it';
}

/**
 * What is left of a canary whose execution was stopped as it was, or handed over: nothing is removed of it, since a rule may
 * still send requests there.
 */
export function temporaryWarnings({
  cluster: { observedAt },
  temporary = [],
}: Pick<DeployFacts, 'cluster' | 'temporary'>): readonly string[] {
  return temporary
    .filter(({ deleting }) => !deleting)
    .map(({ name, owner, temporaryUntil = '', instances }) => {
      const whose = `${name} was made for a while by execution ${owner?.executionId ?? 'unknown'}, until ${temporaryUntil}`;
      return Date.parse(temporaryUntil) < Date.parse(observedAt)
        ? `${whose}, and is still there with ${instances.length} instances. It is left as it is, and may get requests: give its ` +
            'share of the rules back, then destroy it and its target group.'
        : `${whose}; it is left as it is, and may get requests.`;
    });
}
