import {
  summaryReason,
  type AnalysisSummary,
  type CanaryAnalysisSettings,
  type CanaryStrategy,
  type PlannedCanaryComparison,
  type PlanStep,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { awsWrites } from '../../proxies.js';
import { forward } from '../step-operation.js';
import { resolvedArms } from './made-target-groups.js';
import { sinceOf } from './since.js';

/**
 * One analysis; its whole report goes into the event and a summary into the attempt. One of that id that was made already,
 * before a handover, is not made again.
 */
export async function analyse(
  context: AttemptContext,
  step: Pick<PlanStep, 'id' | 'subject'> & PlannedCanaryComparison,
  analysisId: string,
): Promise<AnalysisSummary> {
  const known = (context.state.analyses ?? []).find((one) => one.analysisId === analysisId);
  if (known !== undefined) return known;
  const { configuration, scoreThresholds, pointsMin, requestsMin } = analysisSettings(context);
  const { rules, arms, since } = step;
  const { report, reason, ...analysed } = await awsWrites(context.deadlineMs()).analyseCanary({
    context: forward(context, { id: analysisId, subject: step.subject }),
    rules,
    arms: resolvedArms(context, arms),
    from: sinceOf(context, since),
    configuration: configuration ?? null,
    scoreThresholds: scoreThresholds ?? null,
    limits: {
      ...(pointsMin !== undefined && { pointsMin }),
      ...(requestsMin !== undefined && { requestsMin }),
    },
  });
  const { outcome, from, minutes, score } = analysed;
  const analysis: AnalysisSummary = {
    analysisId,
    stepId: step.id,
    outcome,
    reason: summaryReason(reason),
    from,
    minutes,
    score,
  };
  context.run.emit({ kind: 'analysis.finished', ...context.identity, analysis, report });
  return analysis;
}

/** How the stage wants its canary judged: part of its definition, which the plan does not repeat. */
export function analysisSettings(context: AttemptContext): CanaryAnalysisSettings {
  return canaryStrategy(context)?.analysis ?? {};
}

function canaryStrategy({ run, refId }: AttemptContext): CanaryStrategy | null {
  const spec = run.spec(refId);
  return spec.type === 'deploy' && spec.strategy.type === 'canary' ? spec.strategy : null;
}
