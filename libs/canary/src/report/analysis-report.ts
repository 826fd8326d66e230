import type { ScoreThresholds } from '../canary-configuration.js';
import type { ArmRole, GateCheck, GateOutcome } from '../gate/gate-input.js';
import type { EffectMeasure } from '../judge/effect-size.js';
import type { MetricDirection } from '../judge/judging-rules.js';
import type { MetricLabel } from '../judge/classify-metric.js';

/** One side of a metric, after missing points and outliers were handled. Numbers have 6 digits. */
export interface ReportedSide {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  /** As it was read, oldest first, each the mean of `minutesPerPoint` minutes with 4 digits; null where none had a value. */
  readonly series: readonly (number | null)[];
}

/** The test that was made of a metric. */
export interface ReportedTest {
  readonly name: 'mannWhitney';
  readonly confidencePercent: number;
  /** The interval and estimate of `experiment − control`, in the metric's unit; null where infinite. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly estimate: number | null;
  readonly measure: EffectMeasure;
  /** Null where a ratio of means cannot be computed. */
  readonly effectSize: number | null;
}

/** A metric in the report. */
export interface ReportedMetric {
  readonly name: string;
  readonly unit: string;
  readonly groups: readonly string[];
  readonly direction: MetricDirection;
  readonly critical: boolean;
  readonly muted: boolean;
  /** Kayenta's label; NotJudged where the gate did not let the judge speak. */
  readonly verdict: MetricLabel | 'NotJudged';
  /** This metric alone forced the score to 0. */
  readonly forcedToZero: boolean;
  /** For people; always there. */
  readonly reason: string;
  /** Mean of the experiment over mean of the control; null where that cannot be computed. */
  readonly ratio: number | null;
  readonly test: ReportedTest | null;
  readonly control: ReportedSide;
  readonly experiment: ReportedSide;
}

/** An arm in the report. */
export interface ReportedArm {
  readonly role: ArmRole;
  readonly name: string;
  readonly plannedWeight: number;
  readonly readBackWeight: number | null;
  /** Null where they could not be read. */
  readonly requests: number | null;
}

/**
 * An analysis as it is kept with the execution: plain JSON of at most 64 KiB, whatever was judged (`reportBytesMax`), so
 * that it fits into an activity's result and an event.
 */
export interface AnalysisReport {
  readonly version: 1;
  /** What the strategy acts upon: promote or go on, hold, roll back. */
  readonly outcome: GateOutcome;
  /** One sentence for people. */
  readonly reason: string;
  /** The judged minutes: from `from` on (ISO 8601), so many. */
  readonly from: string;
  readonly minutes: number;
  /** How many minutes one point of a series stands for. */
  readonly minutesPerPoint: number;
  readonly configurationName: string;
  readonly scoreThresholds: ScoreThresholds;
  /** Null where the gate did not let the judge speak. */
  readonly score: number | null;
  readonly classification: 'Pass' | 'Marginal' | 'Fail' | null;
  readonly groups: readonly {
    readonly name: string;
    readonly score: number;
    readonly weight: number | null;
  }[];
  readonly gate: readonly GateCheck[];
  readonly arms: readonly ReportedArm[];
  readonly metrics: readonly ReportedMetric[];
}
