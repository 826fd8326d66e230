import { serverGroupTasks } from './server-group-tasks.js';
import {
  downstreamRefIds,
  isServerGroupStage,
  type DeployPlan,
  type StageSpec,
} from '@gennaker/domain';

/** What a stage does, in order: for people. A deploy's tasks are those of its plan, where there is one. */
export function stageTasks(stage: StageSpec, plan: DeployPlan | null): readonly string[] {
  if (isServerGroupStage(stage)) return serverGroupTasks(stage);
  switch (stage.type) {
    case 'findImage':
      return [`Find the image ${stage.imageName ?? 'with the given tags'} in ${stage.region}`];
    case 'wait':
      return [`Wait ${stage.waitSeconds} s`];
    case 'checkPreconditions':
      return stage.preconditions.map((condition) =>
        condition.type === 'clusterSize'
          ? `Check that ${condition.cluster} has ${condition.comparison} ${condition.expected} server groups (${condition.count})`
          : `Check that output ${condition.output} of ${condition.stage} is ${condition.comparison} ${condition.expected}`,
      );
    case 'manualJudgment':
      return [
        stage.judgmentInputs.length === 0
          ? 'Wait until a person decides'
          : `Wait until a person decides: ${stage.judgmentInputs.join(', ')}`,
      ];
    case 'deploy':
      return plannedTasks(plan, `Deploy with the strategy ${stage.strategy.type}`);
    case 'rollbackCluster':
      return plannedTasks(plan, `Roll ${stage.cluster} back`);
  }
}

function plannedTasks(plan: DeployPlan | null, unplanned: string): readonly string[] {
  return [
    'Take the lock of the cluster',
    ...(plan === null ? ['Plan on live data', unplanned] : plan.steps.map((step) => step.title)),
    'Release the lock of the cluster',
  ];
}

/**
 * The layer of each stage: 0 for those that can start at once, else one more than the highest of those before it. The
 * graph must have no cycle.
 */
export function stageLayers(
  stages: readonly Pick<StageSpec, 'refId' | 'requisiteStageRefIds'>[],
): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  // A stage comes after all that have more stages behind them than itself, so one pass in this order is enough.
  const ordered = stages.toSorted(
    (one, other) =>
      downstreamRefIds(stages, other.refId).length - downstreamRefIds(stages, one.refId).length,
  );
  for (const stage of ordered) {
    const before = stage.requisiteStageRefIds.map((refId) => layers.get(refId) ?? -1);
    layers.set(stage.refId, Math.max(-1, ...before) + 1);
  }
  return layers;
}
