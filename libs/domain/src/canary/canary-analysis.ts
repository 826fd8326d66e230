import type { JsonObject } from '../json.js';
import type { TargetGroupWeight } from '../weights/listener-rule.js';
import { sharePercent } from '../weights/rule-weights.js';

/** What an analysis says: go on, nothing can be known, harm is shown. */
export type AnalysisOutcome = 'pass' | 'inconclusive' | 'fail';

/** Whom an arm of a canary is: who is judged, who it is compared with, and who only takes requests beside them. */
export type CanaryArmRole = 'control' | 'experiment' | 'other';

/** A target group of the comparison. */
export interface CanaryArm {
  readonly role: CanaryArmRole;
  /** For people: the server group behind it. */
  readonly name: string;
  readonly targetGroupArn: string;
  /** As the plan gave it; the same unit for all arms. */
  readonly plannedWeight: number;
}

/** An analysis as an attempt keeps it. The whole report, up to 64 KiB, is in the event `analysis.finished` alone. */
export interface AnalysisSummary {
  /** Unique within the attempt. */
  readonly analysisId: string;
  /** The step of the plan that it was made in. */
  readonly stepId: string;
  readonly outcome: AnalysisOutcome;
  /** One sentence for people, at most 500 characters. */
  readonly reason: string;
  /** The judged minutes by AWS's time: from `from` on (ISO 8601), so many. */
  readonly from: string;
  readonly minutes: number;
  /** 0 to 100; null where the gate did not let the judge speak. */
  readonly score: number | null;
}

/** What an analysis may ask of the gate otherwise than the safe settings. */
export interface AnalysisLimits {
  /** Minutes with a value that each judged metric needs in each arm. */
  readonly pointsMin?: number;
  /** Requests that each arm needs in the judged minutes. */
  readonly requestsMin?: number;
}

/** How a canary is judged; everything absent is the default of `libs/canary`. */
export interface AnalysisSettings extends AnalysisLimits {
  /** A canary configuration as Kayenta's API takes it. */
  readonly configuration?: JsonObject;
  readonly scoreThresholds?: { readonly pass: number; readonly marginal: number };
}

/** Characters of the reason in a summary: an attempt may have a hundred of them, and all travel to each new run. */
const reasonCharactersMax = 500;

/** The reason of a report, cut to what a summary holds. */
export function summaryReason(reason: string): string {
  return reason.length <= reasonCharactersMax
    ? reason
    : `${reason.slice(0, reasonCharactersMax - 1)}…`;
}

/** Whether the weights share the requests as the arms were planned: every target group is an arm, each with its share. */
export function areArmsWeighted(
  arms: readonly CanaryArm[],
  weights: readonly TargetGroupWeight[],
): boolean {
  const planned = arms.map(({ targetGroupArn, plannedWeight }) => ({
    targetGroupArn,
    weight: plannedWeight,
  }));
  const others = weights.filter(
    ({ targetGroupArn, weight }) =>
      weight > 0 && !planned.some((arm) => arm.targetGroupArn === targetGroupArn),
  );
  return (
    others.length === 0 &&
    planned.every(
      ({ targetGroupArn }) =>
        Math.abs(sharePercent(planned, targetGroupArn) - sharePercent(weights, targetGroupArn)) <
        sharePercentTolerance,
    )
  );
}

/** Rounding of shares: weights are whole numbers up to 999, so that real differences are far larger. */
const sharePercentTolerance = 1e-6;
