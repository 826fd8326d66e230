import type { StageAction, ServingServerGroup } from '../../execution/execution-event.js';
import { latestAttempt, type ExecutionState } from '../../execution/execution-state.js';
import type { DeployPlan } from '../deploy-plan.js';

/**
 * The rollback of what a deploy has done, as an action for people: its own source comes back, expected to find what the
 * deploy made in traffic. Null for a cluster's first deploy, which replaced nothing, and for a rollback. Pure.
 */
export function rollbackAction(application: string, plan: DeployPlan): StageAction | null {
  const { source, target, cluster, strategy } = plan;
  if (source === null || strategy === 'rollback') return null;
  const path = [application, 'clusters', cluster.account, cluster.region, cluster.cluster];
  return {
    label: `Roll ${cluster.cluster} back`,
    method: 'POST',
    href: `/v1/applications/${path.map(encodeURIComponent).join('/')}/rollback`,
    effect:
      strategy === 'rolling'
        ? `Replaces the instances of ${target.serverGroup} once more, by such as it had before the deploy. Give a reason.`
        : `Brings ${source.serverGroup} back, healthy and as large as what serves by then, and takes ${target.serverGroup} out ` +
          'of traffic. Give a reason.',
    body: { toServerGroup: source.serverGroup, expectedServing: target.serverGroup },
  };
}

/** Of every deploy of the execution that has succeeded: it stays, whatever becomes of the execution. */
export function rollbackActions(state: ExecutionState): readonly StageAction[] {
  return state.stages.flatMap((stage) => {
    const plan = latestAttempt(stage)?.plan ?? null;
    if (stage.status !== 'SUCCEEDED' || plan === null) return [];
    return rollbackAction(state.application, plan) ?? [];
  });
}

/** The same for a deploy that did not succeed: null unless what it made was left in traffic. */
export function leftoverRollback(
  application: string,
  plan: DeployPlan | null,
  serving: readonly ServingServerGroup[],
): StageAction | null {
  if (plan === null) return null;
  const made = serving.find((group) => group.serverGroup === plan.target.serverGroup);
  return made !== undefined && made.enabled && made.healthy > 0
    ? rollbackAction(application, plan)
    : null;
}
