import type { AlarmState } from '../cloudwatch/records.js';
import type { Scope } from './scope.js';

/** The state of the alarm of that name; `undefined` when there is none. */
export function alarmState(scope: Scope, name: string): AlarmState | undefined {
  return scope.tables.alarms.find(name)?.state;
}

/** The ARNs that the alarm acts on in its present state; none while its actions are switched off. */
export function actionsOfAlarm(scope: Scope, name: string): readonly string[] {
  const alarm = scope.tables.alarms.find(name);
  if (alarm === undefined || alarm.request.ActionsEnabled === false) return [];
  const { AlarmActions, OKActions, InsufficientDataActions } = alarm.request;
  const actions = {
    ALARM: AlarmActions,
    OK: OKActions,
    INSUFFICIENT_DATA: InsufficientDataActions,
  }[alarm.state];
  return actions ?? [];
}
