import type { DeployPlan, RollbackClusterStage } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { runPlanStep } from '../operations/plan-steps.js';
import { awsWrites } from '../proxies.js';
import { runStep } from '../steps.js';
import type { StageTask } from './stage-task.js';

/** Plans the rollback on live data, then carries the plan out step by step. The lock is held by the stage runner. */
export const rollbackClusterTask: StageTask<RollbackClusterStage> = async (context, spec) => {
  const plan = context.state.plan ?? (await planned(context, spec));
  for (const step of plan.steps) {
    await runStep(context, step, () => runPlanStep(context, plan, step));
  }
  const { target, source, disables } = plan;
  return {
    serverGroup: target.serverGroup,
    imageId: target.imageId,
    source: source?.serverGroup ?? null,
    disabled: [...disables],
    capacity: { ...target.capacity },
    reason: spec.reason ?? '',
  };
};

async function planned(context: AttemptContext, spec: RollbackClusterStage): Promise<DeployPlan> {
  const { run, identity } = context;
  const title = `Plan the rollback of ${spec.cluster}`;
  let plan: DeployPlan | undefined;
  await runStep(context, { id: 'plan', operation: 'planRollback', title }, async () => {
    const { deadline } = context.state;
    plan = await awsWrites(context.deadlineMs()).planRollback({
      context: context.operation('plan', spec.cluster, { priority: 'write', deadline }),
      stage: spec,
    });
    run.emit({ kind: 'stage.planned', ...identity, plan });
    return { serverGroup: plan.target.serverGroup };
  });
  if (plan === undefined) throw new Error('the plan step was finished without a plan');
  return plan;
}
