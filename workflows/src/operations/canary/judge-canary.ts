import {
  heldInWords,
  type AnalysisSummary,
  type JsonObject,
  type PlanStepOf,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { awaitJudgment, judgedStop, tellQuestion, type Question } from '../await-judgment.js';
import { analyse } from './analyse.js';
import { shareWatchOf } from './since.js';
import { canaryFailed } from './watch-canary.js';
import { whileWatched, type WatchedStep } from './while-watched.js';

/**
 * The verdict of a step. Pass goes on; fail throws CANARY_FAILED; what can say nothing is held until a person decides, or
 * throws CANARY_INCONCLUSIVE, as the plan says. Outputs the outcome, and who went on in spite of it, and why.
 */
export async function judgeCanary(
  context: AttemptContext,
  step: PlanStepOf<'analyseCanary'>,
): Promise<JsonObject> {
  const analysis = await analyse(context, step, step.id);
  if (analysis.outcome === 'fail') throw canaryFailed(analysis);
  const { analysisId, outcome, score } = analysis;
  const doubt = doubtOf(context, step, analysis);
  if (doubt === null) return { analysisId, outcome, score };
  if (step.onInconclusive === 'rollback') {
    throw new StageFailure({
      code: 'CANARY_INCONCLUSIVE',
      message: `the canary cannot be judged: ${doubt}`,
      details: { analysisId },
    });
  }
  const { by, reason } = await decided(context, step, {
    judgmentId: `hold:${step.id}`,
    instructions: `the canary is held, since ${doubt}. Continue goes on with the deploy, stop undoes it.`,
  });
  return { analysisId, outcome, score, continuedBy: by, reason };
}

/** Asks a person whether the deploy goes on; outputs who said so, and why. */
export async function awaitApproval(
  context: AttemptContext,
  step: PlanStepOf<'awaitApproval'>,
): Promise<JsonObject> {
  const { id, instructions } = step;
  const { by, reason } = await decided(context, step, { judgmentId: id, instructions });
  return { by, reason };
}

/** Why nobody can say that the canary is good; null where the analysis says so. */
function doubtOf(
  context: AttemptContext,
  { since }: PlanStepOf<'analyseCanary'>,
  { outcome, reason }: AnalysisSummary,
): string | null {
  const watch = shareWatchOf(context, since);
  const requests = watch?.outputs['requests'];
  const limit =
    watch?.outputs['ended'] === 'limit'
      ? `it had only ${typeof requests === 'number' ? requests : 0} requests that count by the end of its time`
      : null;
  const said = outcome === 'inconclusive' ? reason : null;
  const doubts = [limit, said].filter((one) => one !== null);
  return doubts.length === 0 ? null : doubts.join('; ');
}

async function decided(
  context: AttemptContext,
  step: WatchedStep,
  question: { readonly judgmentId: string; readonly instructions: string },
) {
  const { held, id } = step;
  const asked: Question = {
    ...question,
    inputs: [],
    ...(held !== undefined && {
      besides: () => heldInWords(context.state.analyses ?? [], id, held),
    }),
  };
  const given = await whileWatched(context, step, {
    run: () => awaitJudgment(context, asked),
    analysed: () => tellQuestion(context, asked),
  });
  if (given.decision === 'stop') throw judgedStop(given);
  return given;
}
