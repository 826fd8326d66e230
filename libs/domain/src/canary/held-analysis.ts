import type { AnalysisSummary } from './canary-analysis.js';
import type { CanaryStrategy } from './canary-strategy.js';

/** How a canary goes on to be analysed while a person is asked. */
export interface HeldAnalyses {
  readonly everyMinutes: number;
  /** In one attempt, all questions together. */
  readonly analysesMax: number;
}

/** Minutes between two, where the stage does not say: a person who comes back from a meeting finds a new one. */
const heldEveryMinutesDefault = 15;
/** Analyses of an attempt while people are asked: six hours of quarters; each leaves a report of up to 64 KiB in the event log. */
const heldAnalysesMax = 24;

/** As often as in the background of a step, or four times an hour. */
export function heldAnalyses({ analysis }: Pick<CanaryStrategy, 'analysis'>): HeldAnalyses {
  const everyMinutes = analysis?.everyMinutes ?? heldEveryMinutesDefault;
  return { everyMinutes, analysesMax: heldAnalysesMax };
}

/** Id of the nth analysis (from 1) that was made while the step has asked a person. */
export function heldAnalysisId(stepId: string, n: number): string {
  return `${stepId}:held:${n}`;
}

/** Those that were made while people were asked, of one step or of all. */
export function heldAnalysesOf(
  analyses: readonly AnalysisSummary[],
  stepId?: string,
): readonly AnalysisSummary[] {
  return analyses.filter(
    (one) =>
      one.analysisId.startsWith(`${one.stepId}:held:`) &&
      (stepId === undefined || one.stepId === stepId),
  );
}

/** What a person who is asked should know of them: the newest of this question, and whether more will come. Pure. */
export function heldInWords(
  analyses: readonly AnalysisSummary[],
  stepId: string,
  { everyMinutes, analysesMax }: HeldAnalyses,
): string {
  const left = Math.max(0, analysesMax - heldAnalysesOf(analyses).length);
  const next =
    left === 0
      ? 'no further analysis is made'
      : `a further analysis comes every ${everyMinutes} minutes, ${left} more at most, and one that finds harm undoes it`;
  const newest = heldAnalysesOf(analyses, stepId).at(-1);
  if (newest === undefined) return next;
  const { analysisId, outcome, reason, minutes } = newest;
  return `the newest analysis, of ${minutes} minutes, says ${outcome}: ${reason} (report ${analysisId}); ${next}`;
}
