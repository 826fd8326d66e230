import { alarmsInWords, judgeAlarms } from '../canary/alarm-gate.js';
import { GennakerError } from '../errors.js';
import type { DeployFacts } from './deploy-facts.js';

/** The alarms that gate the stage's deploy. */
export function gateAlarms({ strategy }: DeployFacts['stage']): readonly string[] {
  switch (strategy.type) {
    case 'redBlack':
    case 'rollingRedBlack':
    case 'blueGreen':
    case 'canary':
      return strategy.alarms ?? [];
    case 'none':
    case 'rolling':
      return [];
  }
}

/**
 * Nothing is begun while an alarm that gates it is in ALARM, or is not there. Throws ALARM_RAISED with CloudWatch's words,
 * INVALID_REQUEST naming what does not exist.
 */
export function refuseAlarms({ stage, alarms = [] }: DeployFacts): void {
  const names = gateAlarms(stage);
  const { inAlarm, missing } = judgeAlarms(names, alarms);
  if (missing.length > 0) {
    throw new GennakerError(
      'INVALID_REQUEST',
      `Stage ${stage.refId} is gated by CloudWatch alarms that do not exist in ${stage.account} ${stage.region}: ` +
        `${missing.join(', ')}. Correct their names, or create them.`,
      { details: { missing } },
    );
  }
  if (inAlarm.length === 0) return;
  throw new GennakerError(
    'ALARM_RAISED',
    `Stage ${stage.refId} was not begun, since it is gated by alarms that are in ALARM already: ` +
      `${alarmsInWords(inAlarm)}. Look at what is wrong, then retry the stage.`,
    { details: { alarms: inAlarm.map((alarm) => alarm.name) } },
  );
}
