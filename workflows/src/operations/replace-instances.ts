import {
  versionKey,
  type JsonObject,
  type LaunchTemplateVersionRef,
  type PlanStepOf,
  type RefreshRestoreState,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { forward } from './step-operation.js';

/** Waits for somebody else's instance refresh, and touches nothing. */
export async function awaitNoInstanceRefresh(
  context: AttemptContext,
  step: PlanStepOf<'awaitNoInstanceRefresh'>,
): Promise<JsonObject> {
  const { subject } = step;
  const input = { context: forward(context, step, 'wait'), subject };
  await awsWaits(context.deadlineMs()).awaitNoInstanceRefresh(input);
  return {};
}

/**
 * Captures what the group launches from (in history before the first change, DESIGN D8), records how to bring it back, pins
 * what it follows to a number, and makes the version that will be refreshed to.
 */
export async function createLaunchTemplateVersion(
  context: AttemptContext,
  step: PlanStepOf<'createLaunchTemplateVersion'>,
): Promise<JsonObject> {
  const { subject, imageId, instanceType, copyOf } = step;
  const restore = recordedRestore(context) ?? (await captured(context, step));
  const { launch } = restore;
  const operation = { context: forward(context, step), subject };
  const writes = awsWrites(context.deadlineMs());
  if (launch.specified !== launch.version) {
    await writes.pinLaunchTemplate({ ...operation, restore });
  }
  const copied = copyOf === undefined ? {} : { copyOf };
  const made = { ...operation, launch, imageId, instanceType, ...copied };
  const ours = await writes.ensureLaunchTemplateVersion(made);
  return { ...ours, from: launch.version };
}

/** Starts the refresh; one that somebody else has put in its way by then is waited for, and left alone. */
export async function startInstanceRefresh(
  context: AttemptContext,
  step: PlanStepOf<'startInstanceRefresh'>,
): Promise<JsonObject> {
  const { subject, preferences } = step;
  const restore = recordedRestore(context);
  if (restore === undefined) throw new Error('nothing was recorded before the refresh');
  const ours = madeVersion(context);
  for (let round = 0; round < foreignRoundsMax; round += 1) {
    const operation = { context: forward(context, step), subject };
    const started = await awsWrites(context.deadlineMs()).startInstanceRefresh({
      ...operation,
      restore,
      ours,
      preferences,
    });
    if (started.outcome === 'running') return { refreshId: started.refreshId };
    const waiting = { context: forward(context, step, 'wait'), subject };
    await awsWaits(context.deadlineMs()).awaitNoInstanceRefresh(waiting);
  }
  throw new StageFailure({
    code: 'CHANGED_BY_SOMEONE_ELSE',
    message: `${foreignRoundsMax} times somebody else has started an instance refresh of ${subject.serverGroup} before this one`,
    details: { serverGroup: subject.serverGroup },
  });
}

/** How often somebody else may come first: each time costs a wait for a whole refresh. */
const foreignRoundsMax = 5;

/** Waits until every instance runs the new version. */
export async function awaitInstanceRefresh(
  context: AttemptContext,
  step: PlanStepOf<'awaitInstanceRefresh'>,
): Promise<JsonObject> {
  const { subject, arn, instancesFloor } = step;
  const report = await awsWaits(context.deadlineMs()).awaitInstanceRefresh({
    context: forward(context, step, 'wait'),
    subject,
    arn,
    refreshId: outputOf(context, 'startInstanceRefresh', 'refreshId'),
    ours: madeVersion(context),
    instancesFloor,
  });
  return { ...report };
}

async function captured(
  context: AttemptContext,
  step: PlanStepOf<'createLaunchTemplateVersion'>,
): Promise<RefreshRestoreState> {
  const { id, subject, undo, launchTemplateId } = step;
  const operation = forward(context, step);
  const restore = await awsWrites(context.deadlineMs()).captureRefreshState({
    context: operation,
    subject,
  });
  const { launch } = restore;
  // Another version is somebody's newer base, and fine; another template is another plan.
  if (launch.launchTemplateId !== launchTemplateId) throw otherTemplate(step, restore);
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id,
      operation: 'rollbackInstanceRefresh',
      title: `Bring the instances of ${subject.serverGroup} back to ${versionKey(launch)}`,
      subject,
      restore,
      versionOperationKey: operation.operationKey,
      ...undo,
    },
  });
  return restore;
}

function otherTemplate(
  { subject, launchTemplateId }: PlanStepOf<'createLaunchTemplateVersion'>,
  { launch }: RefreshRestoreState,
): StageFailure {
  return new StageFailure({
    code: 'CHANGED_BY_SOMEONE_ELSE',
    message:
      `${subject.serverGroup} launched from ${launchTemplateId} when this deploy was planned, and launches from ` +
      `${versionKey(launch)} now; nothing was changed. Retry the stage to plan anew`,
    details: { serverGroup: subject.serverGroup, found: versionKey(launch) },
  });
}

function recordedRestore(context: AttemptContext): RefreshRestoreState | undefined {
  const entries = context.state.undo.map((undo) => undo.entry);
  return entries.find((entry) => entry.operation === 'rollbackInstanceRefresh')?.restore;
}

function madeVersion(context: AttemptContext): LaunchTemplateVersionRef {
  return {
    launchTemplateId: outputOf(context, 'createLaunchTemplateVersion', 'launchTemplateId'),
    version: outputOf(context, 'createLaunchTemplateVersion', 'version'),
  };
}

function outputOf(context: AttemptContext, operation: string, key: string): string {
  const step = context.state.steps.find((candidate) => candidate.operation === operation);
  const value = step?.outputs[key];
  if (typeof value === 'string') return value;
  throw new Error(`step ${operation} has no output ${key}`);
}
