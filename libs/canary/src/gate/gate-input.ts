import type { CanaryConfiguration, ScoreThresholds } from '../canary-configuration.js';
import type { SeriesReading } from '../series/metric-reading.js';
import type { GateSettings } from './gate-settings.js';

/** What a target group is in the comparison: one control, one experiment, and others that only take traffic. */
export type ArmRole = 'control' | 'experiment' | 'other';

/** One arm as the gate sees it. */
export interface GateArm {
  readonly role: ArmRole;
  /** For people: the server group or target group. */
  readonly name: string;
  /** The weight that the plan gave it; any unit, the same for all arms. */
  readonly plannedWeight: number;
  /** The weight that the listener has, read back now; null when it could not be read. */
  readonly readBackWeight: number | null;
  /** Requests by the minute, as they were reported: NaN where nothing was. */
  readonly requests: SeriesReading;
}

/** The two sides of a configured metric. */
export interface GateMetric {
  readonly name: string;
  readonly muted: boolean;
  readonly control: SeriesReading;
  readonly experiment: SeriesReading;
}

/** Counts of failures by the minute against requests by the minute. */
export interface FailureCounts {
  readonly name: string;
  readonly control: SeriesReading;
  readonly experiment: SeriesReading;
}

/** Everything the gate looks at. */
export interface GateInput {
  readonly settings: GateSettings;
  readonly configuration: CanaryConfiguration;
  readonly scoreThresholds: ScoreThresholds;
  /** Exactly one control and one experiment among them. */
  readonly arms: readonly GateArm[];
  /** One for each metric of the configuration that has a source. */
  readonly metrics: readonly GateMetric[];
  readonly failures: readonly FailureCounts[];
}

/** Pass: nothing stands against a verdict. Inconclusive: no verdict can be trusted. Fail: harm is shown. */
export type GateOutcome = 'pass' | 'inconclusive' | 'fail';

/** The checks, in the order in which they are made. */
export type GateCheckName =
  | 'configuration'
  | 'metricReads'
  | 'weights'
  | 'enoughRequests'
  | 'sampleRatio'
  | 'enoughData'
  | 'errorTotals';

/** What one check found. */
export interface GateCheck {
  readonly check: GateCheckName;
  readonly outcome: GateOutcome;
  /** For people: what was found, against what, with numbers; also where it passed. */
  readonly reason: string;
}
