import { carriedOverNotes } from '../carry/carried-over-notes.js';
import type { ServerGroupView } from '../groups/cluster.js';
import type { DeployFacts } from './deploy-facts.js';
import { keptWarnings, temporaryWarnings } from './expired-groups.js';
import type { PlannedServerGroup } from './planned-server-group.js';
import { carryFactsOf, disabledProcesses } from './planned-target.js';
import { refreshWarnings } from './refresh-beside.js';
import { inServiceCount } from './source-of.js';

/** What warnings are made of. */
export interface WarningFacts {
  readonly facts: DeployFacts;
  readonly source: ServerGroupView | null;
  readonly target: PlannedServerGroup;
  readonly switched: readonly ServerGroupView[];
  /** Kept groups that the plan destroys, since their time is over. */
  readonly expired: readonly ServerGroupView[];
}

/** Things a person should know before the plan runs; none of them refuses it. */
export function warningsOf({
  facts,
  source,
  target,
  switched,
  expired,
}: WarningFacts): readonly string[] {
  const deleting = facts.cluster.serverGroups.filter((group) => group.deleting);
  const servingNow = switched.reduce((sum, group) => sum + inServiceCount(group), 0);
  const dropped = (facts.source?.suspendedProcesses ?? []).filter(
    (process) => disabledProcesses.includes(process) && source?.enabled === true,
  );
  return [
    deleting.length > 0 && `Being deleted and left out: ${listed(deleting)}.`,
    switched.length > 1 &&
      `More than one server group is enabled and will be replaced: ${listed(switched)}.`,
    servingNow > target.capacity.desired &&
      `${servingNow} instances serve now; the new server group has ${target.capacity.desired}.`,
    source !== null &&
      !source.enabled &&
      `No server group is enabled; settings come from ${source.name}.`,
    dropped.length > 0 &&
      `Suspended on ${source?.name ?? 'the source'} and not inherited, since the new group could not take traffic: ` +
        `${dropped.join(', ')}.`,
    ...refreshWarnings(facts.refreshesBeside ?? []),
    ...keptWarnings(facts, expired),
    ...temporaryWarnings(facts),
    ...carriedOverWarnings(facts, source, target),
  ].filter((warning) => typeof warning === 'string');
}

function carriedOverWarnings(
  facts: DeployFacts,
  source: ServerGroupView | null,
  { carriedOver, suspendedProcesses }: PlannedServerGroup,
): readonly string[] {
  const carry = carryFactsOf(facts, source);
  if (carry === null || carriedOver === undefined) return [];
  const { timeoutSeconds } = facts.stage;
  return carriedOverNotes(carry, { planned: carriedOver, suspendedProcesses, timeoutSeconds });
}

function listed(groups: readonly ServerGroupView[]): string {
  return groups.map((group) => group.name).join(', ');
}
