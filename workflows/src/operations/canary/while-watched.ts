import { epochMs, isoTime, type PlannedCanaryComparison, type PlanStep } from '@gennaker/domain';
import { CancellationScope } from '@temporalio/workflow';
import type { AttemptContext } from '../../attempt-context.js';
import { errorRecordOf } from '../../failures.js';
import { awsWaits } from '../../proxies.js';
import { forward } from '../step-operation.js';
import { resolvedArms } from './made-target-groups.js';
import { sinceOf } from './since.js';

/** Longer than any stage may take, by AWS's clock: the watch ends with what it stands beside. */
const watchMs = 30 * 24 * 3_600_000;

/** What a canary is watched by; a plan of before says nothing of it. */
export type WatchedStep = Pick<PlanStep, 'id' | 'subject'> &
  Partial<PlannedCanaryComparison> & { readonly alarms?: readonly string[] };

type Watched = Required<WatchedStep>;

/**
 * Does some work, such as to ask a person, while the canary goes on to be watched: other weights, an alarm, or a canary that
 * is gone end it at once, as they end a step. The watch tells nothing, since people wait for something else.
 */
export async function whileWatched<Result>(
  context: AttemptContext,
  step: WatchedStep,
  work: () => Promise<Result>,
): Promise<Result> {
  const watchable = watchableStep(step);
  // Histories of before have no watch here, and neither have their plans.
  if (watchable === null) return await work();
  const working = new CancellationScope({ cancellable: true });
  const watching = new CancellationScope({ cancellable: true });
  const worked = working.run(work);
  const watched = watching.run(() => watch(context, watchable)).then(() => worked);
  try {
    return await Promise.race([worked, watched]);
  } finally {
    working.cancel();
    watching.cancel();
    // Whichever lost ends by the cancellation, and has nothing to say any more.
    worked.catch(() => undefined);
    watched.catch(() => undefined);
  }
}

function watchableStep({ id, subject, ...step }: WatchedStep): Watched | null {
  const { since, rules, arms, alarms } = step;
  const isWhole =
    since !== undefined && rules !== undefined && arms !== undefined && alarms !== undefined;
  return isWhole ? { id, subject, since, rules, arms, alarms } : null;
}

/** The deadline is the stage's to tell: it knows what it waited for. */
async function watch(context: AttemptContext, step: Watched): Promise<void> {
  const { subject, rules, arms, alarms, since } = step;
  const from = sinceOf(context, since);
  try {
    await awsWaits(context.deadlineMs()).watchCanary({
      context: forward(context, { id: `${step.id}:watch`, subject }, 'wait'),
      subject,
      rules,
      arms: resolvedArms(context, arms),
      from,
      until: isoTime(epochMs(from) + watchMs),
      enough: null,
      alarms,
      quiet: true,
    });
  } catch (error) {
    if (errorRecordOf(error).code !== 'STAGE_TIMEOUT') throw error;
  }
}
