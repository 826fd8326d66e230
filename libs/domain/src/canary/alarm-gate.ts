/** A CloudWatch alarm as it was seen: OK, ALARM or INSUFFICIENT_DATA, with CloudWatch's own words on it. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
}

/** What a look at the alarms of a gate means. */
export interface AlarmVerdict {
  /** These stop the deploy. */
  readonly inAlarm: readonly AlarmState[];
  /** Named, but not there: a gate that nobody watches. */
  readonly missing: readonly string[];
  /** Nothing was measured; an alarm on errors has no data while there are no errors, so this does not stop. */
  readonly withoutData: readonly string[];
}

/** Every alarm that is named must be there and not in ALARM; INSUFFICIENT_DATA passes. Pure and total. */
export function judgeAlarms(names: readonly string[], seen: readonly AlarmState[]): AlarmVerdict {
  const named = seen.filter((alarm) => names.includes(alarm.name));
  return {
    inAlarm: named.filter((alarm) => alarm.state === 'ALARM'),
    missing: names.filter((name) => named.every((alarm) => alarm.name !== name)),
    withoutData: named
      .filter((alarm) => alarm.state === 'INSUFFICIENT_DATA')
      .map((alarm) => alarm.name),
  };
}

/** Alarms in ALARM in words: each with what CloudWatch says of it. */
export function alarmsInWords(alarms: readonly AlarmState[]): string {
  return alarms.map(({ name, reason }) => `${name} (${reason})`).join('; ');
}
