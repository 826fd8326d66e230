import { isoTime, type DeployPlan, type JsonObject, type PlanStep } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { disableServerGroup } from './disable-server-group.js';

/** Carries out one step of a plan. What undoes it is recorded before its first change. */
export function runPlanStep(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStep,
): Promise<JsonObject> {
  switch (step.operation) {
    case 'createServerGroup':
      return create(context, plan, step);
    case 'resizeServerGroup':
      return resize(context, step);
    case 'awaitHealthy':
      return healthy(context, step);
    case 'disableServerGroup':
      return disableServerGroup(context, step);
    case 'verifyDeploy':
      return verify(context, plan, step);
  }
}

/** A wait ends by itself just before the stage's deadline, because it can say best what it was waiting for. */
const waitEndsEarlierMs = 1_000;

type StepOf<Operation extends PlanStep['operation']> = Extract<
  PlanStep,
  { readonly operation: Operation }
>;

async function create(
  context: AttemptContext,
  plan: DeployPlan,
  step: StepOf<'createServerGroup'>,
): Promise<JsonObject> {
  const { subject } = step;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id: step.id,
      operation: 'destroyServerGroup',
      title: `Destroy ${subject.serverGroup}`,
      subject,
    },
  });
  const created = await awsWrites(context.deadlineMs()).createServerGroup({
    context: forward(context, step),
    cluster: plan.cluster,
    target: plan.target,
  });
  return { ...created };
}

async function resize(
  context: AttemptContext,
  step: StepOf<'resizeServerGroup'>,
): Promise<JsonObject> {
  const { subject, capacity } = step;
  await awsWrites(context.deadlineMs()).resizeServerGroup({
    context: forward(context, step),
    subject,
    capacity,
  });
  return { capacity: { ...capacity } };
}

async function healthy(context: AttemptContext, step: StepOf<'awaitHealthy'>): Promise<JsonObject> {
  const { subject, instancesHealthyMin } = step;
  const report = await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
    context: forward(context, step, 'wait'),
    subject,
    instancesHealthyMin,
    arn: createdArn(context),
  });
  return { ...report };
}

/** The last look: the new group serves, and every group that should be disabled is. */
async function verify(
  context: AttemptContext,
  plan: DeployPlan,
  step: StepOf<'verifyDeploy'>,
): Promise<JsonObject> {
  const { subject, instancesHealthyMin } = step;
  const report = await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
    context: forward(context, step, 'wait'),
    subject,
    instancesHealthyMin,
    arn: createdArn(context),
  });
  const cluster = await awsWrites(context.deadlineMs()).readCluster({
    cluster: plan.cluster,
    priority: 'write',
  });
  const stillEnabled = cluster.serverGroups
    .filter((group) => plan.disables.includes(group.name) && group.enabled && !group.deleting)
    .map((group) => group.name);
  if (stillEnabled.length > 0) {
    throw new StageFailure({
      code: 'CHANGED_BY_SOMEONE_ELSE',
      message: `${stillEnabled.join(', ')} was disabled by this deploy but takes traffic again`,
      details: { serverGroups: stillEnabled },
    });
  }
  return { ...report };
}

function forward(context: AttemptContext, step: PlanStep, priority: 'write' | 'wait' = 'write') {
  const earlierMs = priority === 'wait' ? waitEndsEarlierMs : 0;
  const deadline = isoTime(context.deadlineMs() - earlierMs);
  return context.operation(step.id, step.subject.serverGroup, { priority, deadline });
}

/** The ARN that the create step reported: a group of the same name but another ARN is not ours. */
function createdArn(context: AttemptContext): string | null {
  const arn = context.state.steps.find((step) => step.operation === 'createServerGroup')?.outputs[
    'arn'
  ];
  return typeof arn === 'string' ? arn : null;
}
