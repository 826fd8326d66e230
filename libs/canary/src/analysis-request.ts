import type { CanaryConfiguration, ScoreThresholds } from './canary-configuration.js';
import type { ArmReadings } from './cloudwatch/derive-series.js';
import type { ArmRole } from './gate/gate-input.js';
import type { GateSettings } from './gate/gate-settings.js';
import type { AnalysisWindow } from './series/judged-minutes.js';

/** One target group of the comparison with everything that was read of it. */
export interface AnalysisArm {
  readonly role: ArmRole;
  /** For people: the server group or target group. */
  readonly name: string;
  /** The weight that the plan gave it; any unit, the same for all arms. */
  readonly plannedWeight: number;
  /** The weight that the listener has, read back after the window began; null when it could not be read. */
  readonly readBackWeight: number | null;
  /** The metrics of `canaryMetrics` at a period of 60 s over the window, or why one could not be read. */
  readonly readings: ArmReadings;
}

/** One analysis: who is compared, over which time, by which rules. */
export interface AnalysisRequest {
  /** `defaultCanaryConfiguration` where nobody configured anything. */
  readonly configuration: CanaryConfiguration;
  readonly scoreThresholds: ScoreThresholds;
  readonly gate: GateSettings;
  /** The weights were the same throughout. */
  readonly window: AnalysisWindow;
  /** One control and one experiment; all others that the same weights split traffic among, at most 6. */
  readonly arms: readonly AnalysisArm[];
}
