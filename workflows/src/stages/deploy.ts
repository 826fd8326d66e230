import {
  clusterOfDeploy,
  latestAttempt,
  stageOutput,
  type DeployPlan,
  type DeployStage,
  type ExecutionState,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';
import { runPlanStep } from '../operations/plan-steps.js';
import { runTeardownStep } from '../operations/teardown-step.js';
import { awsWrites } from '../proxies.js';
import { runStep } from '../steps.js';
import type { StageTask } from './stage-task.js';

/** Plans the deploy on live data, then carries the plan out step by step. The lock is held by the stage runner. */
export const deployTask: StageTask<DeployStage> = async (context, spec) => {
  const plan = context.state.plan ?? (await planned(context, spec));
  const notDone: string[] = [];
  for (const step of plan.steps) {
    if (step.teardown === true) {
      const failure = await runTeardownStep(context, plan, step);
      if (failure !== null) notDone.push(failure);
    } else {
      await runStep(context, step, () => runPlanStep(context, plan, step));
    }
  }
  const { target, source, disables } = plan;
  return {
    serverGroup: target.serverGroup,
    imageId: target.imageId,
    source: source?.serverGroup ?? null,
    disabled: [...disables],
    capacity: { ...target.capacity },
    ...(plan.destroys !== undefined && { destroyed: destroyedOf(context) }),
    ...(notDone.length > 0 && { notDone }),
  };
};

/** Those that are gone, of the ones that the plan has named. */
function destroyedOf({ state }: AttemptContext): string[] {
  const destroys = state.plan?.destroys ?? [];
  return destroys.filter((name) =>
    state.steps.some(
      ({ stepId, status }) => stepId === `destroy:${name}` && status === 'SUCCEEDED',
    ),
  );
}

async function planned(context: AttemptContext, spec: DeployStage): Promise<DeployPlan> {
  const { run, identity } = context;
  const { application } = run.pipeline;
  const { cluster } = clusterOfDeploy(application, spec);
  const step = { id: 'plan', operation: 'planDeploy', title: `Plan the deploy to ${cluster}` };
  let plan: DeployPlan | undefined;
  await runStep(context, step, async () => {
    const { deadline } = context.state;
    plan = await awsWrites(context.deadlineMs()).planDeploy({
      context: context.operation('plan', cluster, { priority: 'write', deadline }),
      application,
      stage: spec,
      imageId: imageOf(context, spec),
      acceptedServerGroup: acceptedServerGroup(run.state, context),
      knownServerGroups: knownServerGroups(run.state, context),
      ...(spec.strategy.type === 'rolling' && {
        knownLaunchTemplate:
          knownPlan(run.state, context)?.target.launchTemplate.clonedFrom ?? null,
      }),
    });
    run.emit({ kind: 'stage.planned', ...identity, plan });
    return { serverGroup: plan.target.serverGroup };
  });
  if (plan === undefined) throw new Error('the plan step was finished without a plan');
  return plan;
}

function imageOf(context: AttemptContext, spec: DeployStage): string {
  if ('imageId' in spec.image) return spec.image.imageId;
  const { fromStage } = spec.image;
  const found = stageOutput(context.run.state, fromStage, 'imageId');
  if (typeof found === 'string') return found;
  throw new StageFailure({
    code: 'IMAGE_NOT_FOUND',
    message: `stage "${fromStage}" has found no image`,
    details: { fromStage },
  });
}

function acceptedServerGroup(state: ExecutionState, context: AttemptContext): string | null {
  const retry = state.acceptedRetries.findLast(
    (known) => known.refId === context.refId && known.attempt === context.attempt,
  );
  return retry?.acceptedServerGroup ?? null;
}

/** What the newest earlier attempt with a plan saw; null when there is none. */
function knownServerGroups(
  state: ExecutionState,
  context: AttemptContext,
): readonly string[] | null {
  const plan = knownPlan(state, context);
  return plan === null ? null : [...plan.observedServerGroups, plan.target.serverGroup];
}

function knownPlan(state: ExecutionState, context: AttemptContext): DeployPlan | null {
  const stage = state.stages.find((candidate) => candidate.refId === context.refId);
  if (stage === undefined || latestAttempt(stage) === undefined) return null;
  const known = stage.attempts.findLast(
    (attempt) => attempt.attempt < context.attempt && attempt.plan !== null,
  );
  return known?.plan ?? null;
}
