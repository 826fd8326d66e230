import type { ClusterView } from '../groups/cluster.js';
import { compare } from './comparison.js';
import { findStage, latestAttempt, type ExecutionState } from '../execution/execution-state.js';
import type { Json } from '../json.js';
import type { Precondition } from './pipeline.js';

/** Whether a condition held, and what was found. */
export interface CheckedPrecondition {
  readonly holds: boolean;
  /** For people: what was looked at, what was found, what was expected. */
  readonly message: string;
}

/** Checks a condition on a cluster's size. Groups being deleted do not count. */
export function checkClusterSize(
  condition: Extract<Precondition, { type: 'clusterSize' }>,
  cluster: ClusterView,
): CheckedPrecondition {
  const there = cluster.serverGroups.filter((group) => !group.deleting);
  const counted = condition.count === 'all' ? there : there.filter((group) => group.enabled);
  const names = counted.map((group) => group.name).join(', ');
  const which = condition.count === 'all' ? 'server groups' : 'enabled server groups';
  return {
    holds: compare(counted.length, condition.comparison, condition.expected),
    message:
      `cluster ${condition.cluster} has ${counted.length} ${which}${names === '' ? '' : ` (${names})`};` +
      ` expected ${condition.comparison} ${condition.expected}`,
  };
}

/** Checks a condition on an output of an earlier stage. An output that is not there equals nothing. */
export function checkStageOutput(
  condition: Extract<Precondition, { type: 'stageOutput' }>,
  state: ExecutionState,
): CheckedPrecondition {
  const found = stageOutput(state, condition.stage, condition.output);
  return {
    holds: compare(found, condition.comparison, condition.expected),
    message:
      `output "${condition.output}" of stage "${condition.stage}" is ${JSON.stringify(found ?? null)};` +
      ` expected ${condition.comparison} ${JSON.stringify(condition.expected)}`,
  };
}

/** An output of the newest attempt of a stage that has passed. */
export function stageOutput(
  state: ExecutionState,
  refId: string,
  output: string,
): Json | undefined {
  const stage = findStage(state, refId);
  if (stage === undefined || stage.status !== 'SUCCEEDED') return undefined;
  const outputs = latestAttempt(stage)?.outputs ?? {};
  return Object.hasOwn(outputs, output) ? outputs[output] : undefined;
}
