import {
  isoTime,
  warmTagKey,
  warmTagValue,
  weightsTagKey,
  weightsTagValue,
  type JsonObject,
  type PlanStepOf,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWrites } from '../proxies.js';
import { createdArn } from './created-group.js';
import { forward } from './step-operation.js';

/**
 * Keeps the weights on the group that is about to get them. Before the switch: who may not write tags learns it while nothing
 * has moved, and a deploy that is left half-way is told apart by the next one. Undone with the group.
 */
export async function recordWeights(
  context: AttemptContext,
  step: PlanStepOf<'recordWeights'>,
): Promise<JsonObject> {
  const { subject, arn, weights } = step;
  const value = weightsTagValue(weights, isoTime(Date.now()));
  await awsWrites(context.deadlineMs()).tagServerGroup({
    context: forward(context, step),
    subject,
    arn: arn ?? createdArn(context, subject.serverGroup),
    tags: { [weightsTagKey]: value },
  });
  return { tag: value };
}

/** Says on the old fleet until when it is kept. The last step of a plan: an undo finds no tag. */
export async function keepWarm(
  context: AttemptContext,
  step: PlanStepOf<'keepWarm'>,
): Promise<JsonObject> {
  const { subject, arn, warmSeconds, instancesMin } = step;
  const until = isoTime(Date.now() + warmSeconds * 1000);
  await awsWrites(context.deadlineMs()).tagServerGroup({
    context: forward(context, step),
    subject,
    arn,
    tags: { [warmTagKey]: warmTagValue({ until, instancesMin }) },
  });
  return { warmUntil: until };
}
