import { requiredHealthy, type Capacity, type JsonObject, type PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { createdArn } from './created-group.js';
import { forward } from './step-operation.js';

/**
 * The last look before a switch: the new group grows to what its source has by now, then all of it is healthy, in every
 * zone. Outputs the sizes with which it is switched to.
 */
export async function matchServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'matchServerGroup'>,
): Promise<JsonObject> {
  const { subject, others, zoneFloor, targetHealthyPercent } = step;
  let instancesHealthyMin = step.instancesHealthyMin;
  let capacity: Capacity | null = null;
  if (others.length > 0) {
    const matched = await awsWrites(context.deadlineMs()).matchServerGroup({
      context: forward(context, step),
      subject,
      others,
    });
    ({ capacity } = matched);
    const wanted = requiredHealthy(capacity.desired, targetHealthyPercent);
    instancesHealthyMin = Math.max(instancesHealthyMin, wanted);
  }
  const report = await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
    context: forward(context, step, 'wait'),
    subject,
    instancesHealthyMin,
    arn: createdArn(context, step.subject.serverGroup),
    zoneFloor,
  });
  return { ...report, ...(capacity !== null && { capacity: { ...capacity } }) };
}

/** The minimum with which the new group was switched to; null where it did not have to match anything. */
export function matchedMinimum(context: AttemptContext): number | null {
  const matched = context.state.steps.findLast(
    ({ operation, outputs }) => matching.includes(operation) && outputs['capacity'] !== undefined,
  );
  const capacity = matched?.outputs['capacity'];
  if (typeof capacity !== 'object' || capacity === null || Array.isArray(capacity)) return null;
  const min = 'min' in capacity ? capacity['min'] : undefined;
  return typeof min === 'number' ? min : null;
}

/** Operations that may grow the new group, the last one at the very switch. */
const matching: readonly string[] = ['matchServerGroup', 'disableServerGroup', 'setRuleWeights'];
