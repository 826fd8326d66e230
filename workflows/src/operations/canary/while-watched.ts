import {
  epochMs,
  heldAnalysesOf,
  heldAnalysisId,
  isoTime,
  type HeldAnalyses,
  type PlannedCanaryComparison,
  type PlanStep,
} from '@gennaker/domain';
import { CancellationScope } from '@temporalio/workflow';
import type { AttemptContext } from '../../attempt-context.js';
import { errorRecordOf } from '../../failures.js';
import { awsWaits } from '../../proxies.js';
import { forward } from '../step-operation.js';
import { analyse } from './analyse.js';
import { resolvedArms } from './made-target-groups.js';
import { shareWatchOf, sinceOf } from './since.js';
import { canaryFailed } from './watch-canary.js';

/** Longer than any stage may take, by AWS's clock: the watch ends with what it stands beside. */
const watchMs = 30 * 24 * 3_600_000;
/** Pauses are in minutes: the period of CloudWatch's figures of a load balancer. */
const minuteMs = 60_000;

/** What a canary is watched by; a plan of before says nothing of it, or not of analyses. */
export type WatchedStep = Pick<PlanStep, 'id' | 'subject'> &
  Partial<PlannedCanaryComparison> & {
    readonly alarms?: readonly string[];
    readonly held?: HeldAnalyses;
  };

type Watched = Required<Omit<WatchedStep, 'held'>> & Pick<WatchedStep, 'held'>;

/** What is done while a canary is watched. */
export interface WatchedWork<Result> {
  readonly run: () => Promise<Result>;
  /** Called after each analysis that was made meanwhile. */
  readonly analysed: () => void;
}

/**
 * Does some work, such as to ask a person, while the canary goes on to be watched and, now and then, analysed: other weights,
 * an alarm, harm, or a canary that is gone end it at once, as they end a step. The watch tells nothing, since people wait for
 * something else.
 */
export async function whileWatched<Result>(
  context: AttemptContext,
  step: WatchedStep,
  work: WatchedWork<Result>,
): Promise<Result> {
  const watchable = watchableStep(step);
  // Histories of before have no watch here, and neither have their plans.
  if (watchable === null) return await work.run();
  const working = new CancellationScope({ cancellable: true });
  const watching = new CancellationScope({ cancellable: true });
  const worked = working.run(work.run);
  const watched = watching.run(() => watch(context, watchable, work.analysed)).then(() => worked);
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
  const { since, rules, arms, alarms, held } = step;
  const isWhole =
    since !== undefined && rules !== undefined && arms !== undefined && alarms !== undefined;
  if (!isWhole) return null;
  return { id, subject, since, rules, arms, alarms, ...(held !== undefined && { held }) };
}

/** The deadline is the stage's to tell: it knows what it waited for. */
async function watch(context: AttemptContext, step: Watched, analysed: () => void): Promise<void> {
  try {
    if (step.held !== undefined) {
      await analyseNowAndThen(context, step, { held: step.held, analysed });
    }
    await watchUntil(context, step, epochMs(sinceOf(context, step.since)) + watchMs);
  } catch (error) {
    if (errorRecordOf(error).code !== 'STAGE_TIMEOUT') throw error;
  }
}

/** From the end of the step's own watch on, or from the beginning of its share where it had none. */
async function analyseNowAndThen(
  context: AttemptContext,
  step: Watched,
  { held, analysed }: { readonly held: HeldAnalyses; readonly analysed: () => void },
): Promise<void> {
  const ended = shareWatchOf(context, step.since)?.outputs['observedAt'];
  const begunMs = epochMs(typeof ended === 'string' ? ended : sinceOf(context, step.since));
  const everyMs = held.everyMinutes * minuteMs;
  const analyses = () => context.state.analyses ?? [];
  // After a handover those that were made are not made again.
  let made = heldAnalysesOf(analyses(), step.id).length;
  let nextMs = begunMs + (made + 1) * everyMs;
  while (heldAnalysesOf(analyses()).length < held.analysesMax) {
    const { observedAt } = await watchUntil(context, step, nextMs);
    made += 1;
    const analysis = await analyse(context, step, heldAnalysisId(step.id, made));
    if (analysis.outcome === 'fail') throw canaryFailed(analysis);
    analysed();
    nextMs = epochMs(observedAt) + everyMs;
  }
}

async function watchUntil(context: AttemptContext, step: Watched, untilMs: number) {
  const { id, subject, rules, arms, alarms, since } = step;
  return await awsWaits(context.deadlineMs()).watchCanary({
    context: forward(context, { id: `${id}:watch`, subject }, 'wait'),
    subject,
    rules,
    arms: resolvedArms(context, arms),
    from: sinceOf(context, since),
    until: isoTime(untilMs),
    enough: null,
    alarms,
    quiet: true,
  });
}
