import {
  epochMs,
  isoTime,
  type AnalysisSummary,
  type JsonObject,
  type PlanStepOf,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { awsWaits, awsWrites } from '../../proxies.js';
import { forward } from '../step-operation.js';
import { analyse, analysisSettings } from './analyse.js';
import { resolvedArms } from './made-target-groups.js';
import { sinceOf } from './since.js';

/** Pauses are in minutes: the period of CloudWatch's figures of a load balancer. */
const minuteMs = 60_000;

/** Notes AWS's time once the weights hold: the minutes of the step count from the first whole one after it. */
export async function beginCanaryStep(
  context: AttemptContext,
  step: PlanStepOf<'beginCanaryStep'>,
): Promise<JsonObject> {
  const { observedAt } = await awsWrites(context.deadlineMs()).readAwsTime({
    context: forward(context, step),
    subject: step.subject,
  });
  return { since: observedAt };
}

/**
 * Watches the canary for as long as the plan says, with an analysis now and then; one that fails ends it. Outputs how the
 * watch ended: `time`, `requests`, or `limit` where the requests did not come in time.
 */
export async function watchCanary(
  context: AttemptContext,
  step: PlanStepOf<'watchCanary'>,
): Promise<JsonObject> {
  const { minutesMax, analyseEveryMinutes, requestsWanted } = step;
  const since = sinceOf(context, step.since);
  const firstMs = Math.ceil(epochMs(since) / minuteMs) * minuteMs;
  const endMs = firstMs + minutesMax * minuteMs;
  // After a handover those that were made are not made again.
  let made = analysesOf(context, step.id).length;
  for (;;) {
    const nextMs =
      analyseEveryMinutes === null
        ? endMs
        : Math.min(endMs, firstMs + (made + 1) * analyseEveryMinutes * minuteMs);
    const watched = await watchUntil(context, step, isoTime(nextMs));
    const { enough, requests, observedAt } = watched;
    const ended = requestsWanted === null ? 'time' : enough === true ? 'requests' : 'limit';
    if (enough === true || nextMs >= endMs) return { ended, requests, observedAt };
    made += 1;
    const analysis = await analyse(context, step, `${step.id}:${made}`);
    if (analysis.outcome === 'fail') throw canaryFailed(analysis);
  }
}

/** What ends a deploy whose canary does harm; the report is the evidence. */
export function canaryFailed({ analysisId, stepId, reason, score }: AnalysisSummary): StageFailure {
  return new StageFailure({
    code: 'CANARY_FAILED',
    message: `the canary does harm: ${reason}`,
    details: { analysisId, stepId, score },
  });
}

async function watchUntil(context: AttemptContext, step: PlanStepOf<'watchCanary'>, until: string) {
  const { subject, rules, arms, alarms, requestsWanted } = step;
  const { pointsMin } = analysisSettings(context);
  return await awsWaits(context.deadlineMs()).watchCanary({
    context: forward(context, step, 'wait'),
    subject,
    rules,
    arms: resolvedArms(context, arms),
    from: sinceOf(context, step.since),
    until,
    enough:
      requestsWanted === null ? null : { requests: requestsWanted, minutes: pointsMin ?? null },
    alarms,
  });
}

function analysesOf(context: AttemptContext, stepId: string): readonly AnalysisSummary[] {
  return (context.state.analyses ?? []).filter((one) => one.stepId === stepId);
}
