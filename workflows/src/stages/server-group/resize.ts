import {
  resizedCapacity,
  type Capacity,
  type JsonObject,
  type ResizeServerGroupStage,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { forward } from '../../operations/step-operation.js';
import { awsWaits, awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { changeProcesses, recordProcesses } from './processes.js';
import { guardOf, selected, targeted, type Target } from './target.js';

/**
 * Sets a server group's sizes and waits until it has them: healthy where it grows, shrunk where it shrinks. A disabled group
 * can only shrink, and its Terminate is resumed for as long. Undone to the sizes that it had.
 */
export const resizeServerGroupTask: StageTask<ResizeServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const capacity = await wantedCapacity(context, spec, target);
  const { before } = target;
  const shrinks = capacity.desired < before.capacity.desired;
  if (capacity.desired > before.capacity.desired) assertCanLaunch(target);
  const resume = shrinks ? before.suspendedProcesses.filter((one) => one === 'Terminate') : [];
  if (resume.length > 0) {
    recordProcesses(context, target, { id: 'processes', suspend: resume, resume: [] });
    await changeProcesses(context, target, { id: 'processes', suspend: [], resume });
  }
  await resized(context, target, { capacity, remainingHealthyMin: spec.remainingHealthyMin });
  if (resume.length > 0) {
    await changeProcesses(context, target, { id: 'processes:after', suspend: resume, resume: [] });
  }
  return { serverGroup: before.serverGroup, capacity: { ...capacity } };
};

interface Wanted {
  readonly capacity: Capacity;
  readonly remainingHealthyMin: number;
}

async function resized(context: AttemptContext, target: Target, wanted: Wanted): Promise<void> {
  const { before, subject } = target;
  const { min, desired, max } = wanted.capacity;
  const { serverGroup, arn } = before;
  const title = `Resize ${serverGroup} to ${min}/${desired}/${max}`;
  const step = { id: 'resize', operation: 'resizeServerGroup', title, subject };
  await runStep(context, step, async (): Promise<JsonObject> => {
    const guard = desired === 0 ? guardOf(before, wanted.remainingHealthyMin) : null;
    recordCapacity(context, target, wanted.capacity);
    const operation = { context: forward(context, step), subject, arn };
    const { capacity } = wanted;
    await awsWrites(context.deadlineMs()).changeServerGroupSize({ ...operation, capacity, guard });
    const waiting = { context: forward(context, step, 'wait'), subject };
    const waits = awsWaits(context.deadlineMs());
    if (desired < before.capacity.desired) {
      await waits.awaitServerGroupShrunk({ ...waiting, instancesMax: desired });
    } else if (before.enabled) {
      await waits.awaitServerGroupHealthy({ ...waiting, arn, instancesHealthyMin: desired });
    }
    return { capacity: { ...capacity } };
  });
}

function recordCapacity(context: AttemptContext, { before, subject }: Target, written: Capacity) {
  if (context.state.undo.some(({ entry }) => entry.id === 'resize')) return;
  const { serverGroup, arn, capacity, enabled, instancesInService } = before;
  const { min, desired, max } = capacity;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id: 'resize',
      operation: 'restoreCapacity',
      title: `Resize ${serverGroup} to ${min}/${desired}/${max} again`,
      subject,
      arn,
      recorded: capacity,
      written,
      instancesHealthyMin: enabled ? Math.min(desired, instancesInService) : 0,
    },
  });
}

/** Decided once: another run, or a repeat, finds it in the step's outputs. */
async function wantedCapacity(
  context: AttemptContext,
  spec: ResizeServerGroupStage,
  { before }: Target,
): Promise<Capacity> {
  const step = { id: 'size', operation: 'planResize', title: 'Work out the sizes' };
  const outputs = await runStep(context, step, async () => {
    const { resize } = spec;
    const other =
      resize.action === 'match'
        ? (await selected(context, spec, resize.serverGroup)).group.capacity
        : null;
    const capacity = resizedCapacity(before.capacity, resize, other);
    if (capacity === null) throw contradiction(before.capacity);
    return { ...capacity };
  });
  const { min, desired, max } = outputs;
  if (typeof min !== 'number' || typeof desired !== 'number' || typeof max !== 'number') {
    throw new Error('the sizes were worked out without a result');
  }
  return { min, desired, max };
}

function contradiction({ min, desired, max }: Capacity): StageFailure {
  return new StageFailure({
    code: 'INVALID_REQUEST',
    message:
      `the given sizes do not go with those that stay (now ${min}/${desired}/${max}): ` +
      'min <= desired <= max must hold. Nothing was changed. Give all three.',
    details: { min, desired, max },
  });
}

function assertCanLaunch({ before }: Target): void {
  const { serverGroup, suspendedProcesses } = before;
  if (!suspendedProcesses.includes('Launch')) return;
  throw new StageFailure({
    code: 'INVALID_REQUEST',
    message:
      `${serverGroup} cannot grow: its process Launch is suspended${before.enabled ? '' : ' (it is disabled)'}. ` +
      'Nothing was changed. Enable it, or resume Launch, first.',
    details: { serverGroup, suspendedProcesses },
  });
}
