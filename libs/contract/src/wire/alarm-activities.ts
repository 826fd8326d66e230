import type { OnServerGroup } from './operation-context.js';

/** Waits that CloudWatch alarms gate, on queue `aws-wait`. */
export interface AlarmActivities {
  /**
   * Watches alarms until an instant and looks once more when it has passed. Throws ALARM_RAISED with CloudWatch's words as
   * soon as one is in ALARM, SUBJECT_VANISHED when one is not there, STAGE_TIMEOUT when CloudWatch could not be asked.
   */
  watchAlarms(input: WatchAlarmsInput): Promise<WatchedAlarms>;
}

export interface WatchAlarmsInput extends OnServerGroup {
  /** Names, in the subject's account and region. */
  readonly alarms: readonly string[];
  /** ISO 8601; an instant that has passed means one look. */
  readonly until: string;
}

export interface WatchedAlarms {
  /** By AWS's time, of the last look. */
  readonly observedAt: string;
  /** Of them, those without data at the last look. */
  readonly withoutData: readonly string[];
}
