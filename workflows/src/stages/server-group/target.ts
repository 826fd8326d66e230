import {
  clusterOfSelection,
  selectionWords,
  selectServerGroup,
  targetedServerGroup,
  type DisableGuard,
  type ServerGroupRef,
  type ServerGroupSelection,
  type ServerGroupStage,
  type ServerGroupView,
  type TargetedServerGroup,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';

/** The group that a stage works on: what it was like when the stage began, and how to address it. */
export interface Target {
  readonly before: TargetedServerGroup;
  readonly subject: ServerGroupRef;
}

/**
 * Finds the stage's server group on live data, once: the answer is in history before any change, and neither a repeat nor
 * another run chooses anew. Throws SOURCE_NOT_FOUND.
 */
export async function targeted(context: AttemptContext, spec: ServerGroupStage): Promise<Target> {
  const words = selectionWords(spec.serverGroup);
  const step = { id: 'target', operation: 'readCluster', title: `Find ${words}` };
  await runStep(context, step, async () => {
    const { cluster, group } = await selected(context, spec, spec.serverGroup);
    const target = targetedServerGroup(cluster, group);
    context.run.emit({ kind: 'stage.targeted', ...context.identity, target });
    return { serverGroup: target.serverGroup, arn: target.arn };
  });
  const before = context.state.targeted;
  if (before === undefined) throw new Error('the target step was finished without a target');
  const { account, region } = spec;
  return { before, subject: { account, region, serverGroup: before.serverGroup } };
}

/** The selected group as AWS has it now. Throws SOURCE_NOT_FOUND. */
export async function selected(
  context: AttemptContext,
  place: { readonly account: string; readonly region: string },
  selection: ServerGroupSelection,
) {
  const cluster = await awsWrites(context.deadlineMs()).readCluster({
    cluster: clusterOfSelection(place, selection),
    priority: 'write',
  });
  const group: ServerGroupView | null = selectServerGroup(cluster, selection);
  if (group !== null) return { cluster, group };
  const there = cluster.serverGroups.map(({ name }) => name);
  throw new StageFailure({
    code: 'SOURCE_NOT_FOUND',
    message:
      `there is no ${selectionWords(selection).replace(/^the /, '')} in ${place.account} ${place.region}; ` +
      `the cluster has ${there.length === 0 ? 'no server group' : there.join(', ')}`,
    details: { serverGroups: there },
  });
}

/**
 * What must serve when the group leaves the traffic: another enabled group of the cluster, with so many healthy instances.
 * Null where nothing leaves, or where the stage says that nothing has to serve. Throws TRAFFIC_GUARD where there is none.
 */
export function guardOf(
  before: TargetedServerGroup,
  remainingHealthyMin: number,
): DisableGuard | null {
  if (!before.enabled || before.instancesInService === 0 || remainingHealthyMin === 0) return null;
  const { besides, serverGroup } = before;
  if (besides !== null) return { serverGroup: besides, instancesHealthyMin: remainingHealthyMin };
  throw new StageFailure({
    code: 'TRAFFIC_GUARD',
    message:
      `${serverGroup} is the only enabled server group of its cluster, so nothing would serve. Nothing was changed. ` +
      'Set remainingHealthyMin to 0 where that is what you want.',
    details: { serverGroup },
  });
}
