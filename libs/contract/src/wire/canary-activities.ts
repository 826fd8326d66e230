import type {
  AnalysisLimits,
  AnalysisOutcome,
  CanaryArm,
  JsonObject,
  RuleRef,
} from '@gennaker/domain';
import type { OnServerGroup, OperationContext } from './operation-context.js';

/** Judging a canary, on queue `aws-write`: reads only. */
export interface CanaryActivities {
  /**
   * One canary analysis of what CloudWatch has of the arms' target groups. Changes nothing, and never throws for a lack of
   * data: what cannot be read or is too little makes the outcome inconclusive. Throws INVALID_REQUEST for a configuration
   * that is none, and what is thrown for a cancel.
   */
  analyseCanary(input: AnalyseCanaryInput): Promise<AnalysedCanary>;
  /** Read-only. AWS's time of a fresh reply, ISO 8601. */
  readAwsTime(input: OnServerGroup): Promise<AwsTime>;
}

export interface AwsTime {
  readonly observedAt: string;
}

/** Waiting beside a canary, on queue `aws-wait`. */
export interface CanaryWaitActivities {
  /**
   * Watches a canary at one share: its rules, its alarms and its requests, until an instant of AWS's time or until it has had
   * enough requests. Throws CHANGED_BY_SOMEONE_ELSE (other weights), ALARM_RAISED, SUBJECT_VANISHED, STAGE_TIMEOUT.
   */
  watchCanary(input: WatchCanaryInput): Promise<WatchedCanary>;
}

export interface WatchCanaryInput extends OnServerGroup {
  readonly rules: readonly RuleRef[];
  readonly arms: readonly CanaryArm[];
  /** By AWS's time, ISO 8601: from when on the weights hold. */
  readonly from: string;
  /** By AWS's time; an instant that has passed means one look. */
  readonly until: string;
  /**
   * Ends it earlier: so many judged requests of the canary, in so many judged minutes (null: as many as the gate asks for,
   * since fewer could not be judged); null: nothing does.
   */
  readonly enough: { readonly requests: number; readonly minutes: number | null } | null;
  /** Names, in the subject's account and region. */
  readonly alarms: readonly string[];
  /** Tells people nothing: they wait for something else. */
  readonly quiet?: boolean;
}

export interface WatchedCanary {
  /** By AWS's time, of the last look. */
  readonly observedAt: string;
  /** Whether it has had enough requests; null where that was not asked. */
  readonly enough: boolean | null;
  /** Judged requests of the canary; null where they were not asked for. */
  readonly requests: number | null;
}

export interface AnalyseCanaryInput {
  readonly context: OperationContext;
  /** All rules that send the arms their requests; the weights of each are read back. At least one. */
  readonly rules: readonly RuleRef[];
  /** One control and one experiment; all others that the same weights split traffic among. */
  readonly arms: readonly CanaryArm[];
  /** By AWS's time, ISO 8601: from when on the weights hold. Judged is what has settled from then until now. */
  readonly from: string;
  /** As Kayenta's API takes it; null: the default of `libs/canary`. */
  readonly configuration: JsonObject | null;
  /** Null: those of the configuration, or the default. */
  readonly scoreThresholds: { readonly pass: number; readonly marginal: number } | null;
  /** What is absent is the safe setting. */
  readonly limits: AnalysisLimits;
}

export interface AnalysedCanary {
  readonly outcome: AnalysisOutcome;
  readonly reason: string;
  readonly from: string;
  readonly minutes: number;
  readonly score: number | null;
  /** The whole report as `libs/canary` makes it, at most 64 KiB. */
  readonly report: JsonObject;
}
