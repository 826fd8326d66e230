import {
  isoTime,
  type EnableServerGroupStage,
  type JsonObject,
  type ServerGroupRestoreState,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { awsWaits, awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { targeted, type Target } from './target.js';

/** What a disable suspends, ours and Clouddriver's alike. */
const held: readonly string[] = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'HealthCheck',
  'ReplaceUnhealthy',
];

/**
 * Puts a server group into traffic: registers what runs, waits until it is healthy, resumes what a disable had suspended.
 * Undone by a disable, unless it took traffic before.
 */
export const enableServerGroupTask: StageTask<EnableServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup } = target.before;
  const step = { id: 'enable', operation: 'enableServerGroup', title: `Enable ${serverGroup}` };
  const outputs = await runStep(context, step, () => enable(context, spec, target));
  return { serverGroup, ...outputs };
};

async function enable(
  context: AttemptContext,
  spec: EnableServerGroupStage,
  { before, subject }: Target,
): Promise<JsonObject> {
  const writes = awsWrites(context.deadlineMs());
  const input = { context: forward(context, before.serverGroup), subject };
  const captured = await writes.captureServerGroup(input);
  if (!before.enabled) recordDisable(context, { before, subject }, captured);
  const kept = spec.keepSuspended;
  const others = captured.suspendedProcesses.filter((process) => !held.includes(process));
  // Nothing is registered where it does not belong: all target groups of the group are meant.
  const suspendedProcesses = [...others, ...kept];
  const restore = { ...captured, capacity: before.capacity, suspendedProcesses, registered: {} };
  const { instancesRegistered } = await writes.registerServerGroup({ ...input, restore });
  const healthy = async (instancesHealthyMin: number) =>
    await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
      ...input,
      instancesHealthyMin,
      arn: before.arn,
    });
  await healthy(Math.min(instancesRegistered, captured.instancesInService));
  await writes.resumeServerGroup({ ...input, restore });
  return { ...(await healthy(captured.instancesInService)) };
}

function recordDisable(
  context: AttemptContext,
  { before, subject }: Target,
  restore: ServerGroupRestoreState,
): void {
  if (context.state.undo.some(({ entry }) => entry.id === 'enable')) return;
  const { serverGroup, arn, besides } = before;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id: 'enable',
      operation: 'restoreServerGroup',
      title: `Disable ${serverGroup} again`,
      subject,
      arn,
      restore,
      guard: besides === null ? null : { serverGroup: besides, instancesHealthyMin: 1 },
    },
  });
}

function forward(context: AttemptContext, serverGroup: string) {
  const deadline = isoTime(context.deadlineMs());
  return context.operation('enable', serverGroup, { priority: 'write', deadline });
}
