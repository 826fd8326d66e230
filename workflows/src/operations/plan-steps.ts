import type {
  DeployPlan,
  JsonObject,
  PlannedServerGroup,
  PlanStep,
  PlanStepOf,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { attachScaling, releaseScaling } from './attach-scaling.js';
import { awaitApproval, judgeCanary } from './canary/judge-canary.js';
import { createTargetGroup, resolvedArns, resolvedTarget } from './canary/made-target-groups.js';
import { beginCanaryStep, watchCanary } from './canary/watch-canary.js';
import { createdArn } from './created-group.js';
import { delay } from './delay.js';
import { disableServerGroup } from './disable-server-group.js';
import { disableServerGroupShare } from './disable-server-group-share.js';
import { enableServerGroup } from './enable-server-group.js';
import { matchServerGroup } from './match-server-group.js';
import { pinServerGroup, unpinServerGroup } from './pin-server-group.js';
import { keepWarm, recordWeights } from './record-weights.js';
import { setRuleWeights, verifyRuleWeights } from './set-rule-weights.js';
import {
  awaitInstanceRefresh,
  awaitNoInstanceRefresh,
  createLaunchTemplateVersion,
  startInstanceRefresh,
} from './replace-instances.js';
import { forward } from './step-operation.js';
import { destroyServerGroup, scaleDownServerGroup } from './tear-down.js';
import { undoEarly } from './undo/undo-early.js';
import { watchAlarms } from './watch-alarms.js';

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
    case 'pinServerGroup':
      return pinServerGroup(context, step);
    case 'unpinServerGroup':
      return unpinServerGroup(context, step);
    case 'enableServerGroup':
      return enableServerGroup(context, step);
    case 'matchServerGroup':
      return matchServerGroup(context, step);
    case 'attachScaling':
      return attachScaling(context, plan, step);
    case 'releaseScaling':
      return releaseScaling(context, plan, step);
    case 'awaitNoInstanceRefresh':
      return awaitNoInstanceRefresh(context, step);
    case 'createLaunchTemplateVersion':
      return createLaunchTemplateVersion(context, step);
    case 'startInstanceRefresh':
      return startInstanceRefresh(context, step);
    case 'awaitInstanceRefresh':
      return awaitInstanceRefresh(context, step);
    case 'delay':
      return delay(context, step);
    case 'watchAlarms':
      return watchAlarms(context, step);
    case 'disableServerGroup':
      return disableServerGroup(context, plan, step);
    case 'disableServerGroupShare':
      return disableServerGroupShare(context, step);
    case 'setRuleWeights':
      return setRuleWeights(context, plan, step);
    case 'verifyRuleWeights':
      return verifyRuleWeights(context, step);
    case 'recordWeights':
      return recordWeights(context, step);
    case 'keepWarm':
      return keepWarm(context, step);
    case 'createTargetGroup':
      return createTargetGroup(context, step);
    case 'beginCanaryStep':
      return beginCanaryStep(context, step);
    case 'watchCanary':
      return watchCanary(context, step);
    case 'analyseCanary':
      return judgeCanary(context, step);
    case 'awaitApproval':
      return awaitApproval(context, step);
    case 'undoEarly':
      return undoEarly(context, step);
    case 'verifyDeploy':
      return verify(context, plan, step);
    case 'scaleDownServerGroup':
      return scaleDownServerGroup(context, step);
    case 'destroyServerGroup':
      return destroyServerGroup(context, step);
  }
}

async function create(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStepOf<'createServerGroup'>,
): Promise<JsonObject> {
  const { subject, weightless, temporary, keepOnFailure } = step;
  const target = temporary ?? plan.target;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id: step.id,
      operation: 'destroyServerGroup',
      title: `Destroy ${subject.serverGroup}${keepOnFailure === true ? ', or keep it after a failure' : ''}`,
      subject,
      ...alarmsOf(target),
      ...(keepOnFailure === true && { keepOnFailure }),
      ...(weightless !== undefined && { weightless: resolvedArns(context, weightless) }),
    },
  });
  const created = await awsWrites(context.deadlineMs()).createServerGroup({
    context: forward(context, step),
    cluster: plan.cluster,
    target: resolvedTarget(context, target),
  });
  return { ...created };
}

/** AWS does not delete them with the group; target tracking's own it does. */
function alarmsOf(target: PlannedServerGroup): { readonly alarmNames?: readonly string[] } {
  const alarmNames = (target.carriedOver?.scaling.alarms ?? []).map(({ name }) => name);
  return alarmNames.length === 0 ? {} : { alarmNames };
}

async function resize(
  context: AttemptContext,
  step: PlanStepOf<'resizeServerGroup'>,
): Promise<JsonObject> {
  const { subject, capacity } = step;
  await awsWrites(context.deadlineMs()).resizeServerGroup({
    context: forward(context, step),
    subject,
    capacity,
  });
  return { capacity: { ...capacity } };
}

async function healthy(
  context: AttemptContext,
  step: PlanStepOf<'awaitHealthy'>,
): Promise<JsonObject> {
  const { subject, instancesHealthyMin, zoneFloor } = step;
  const report = await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
    context: forward(context, step, 'wait'),
    subject,
    instancesHealthyMin,
    arn: createdArn(context, subject.serverGroup),
    ...(zoneFloor !== undefined && { zoneFloor }),
  });
  return { ...report };
}

/** The last look: the new group serves, and every group that should be disabled is. */
async function verify(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStepOf<'verifyDeploy'>,
): Promise<JsonObject> {
  const { subject, instancesHealthyMin } = step;
  const report = await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
    context: forward(context, step, 'wait'),
    subject,
    instancesHealthyMin,
    arn: createdArn(context, subject.serverGroup),
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
