import type { TargetHealthReasonEnum } from '@aws-sdk/client-elastic-load-balancing-v2';

/** What is wrong with the application in an image; what is absent is sound. */
export interface ImageFault {
  /** The share of requests that it answers with a 5xx. */
  readonly errorRate?: number;
  /** How much longer than a sound one it takes to answer, milliseconds. */
  readonly latencyMs?: number;
  /** It ends so long after its instance was launched: nothing listens any more, the instance runs on. */
  readonly crashAfterMinutes?: number;
  /** It fails every health check, in this way. */
  readonly failedCheck?: FailedCheck;
}

export type FailedCheck = Extract<
  TargetHealthReasonEnum,
  'Target.FailedHealthChecks' | 'Target.ResponseCodeMismatch' | 'Target.Timeout'
>;
