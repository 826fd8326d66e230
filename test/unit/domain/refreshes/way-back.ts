import type { RefreshPreferences } from '@gennaker/domain';

/** How a refresh back to what was recorded goes, as the plan of a rolling deploy has it. */
export const wayBackPreferences: RefreshPreferences = {
  minHealthyPercent: 100,
  maxHealthyPercent: 150,
  instanceWarmupSeconds: null,
  checkpointPercents: [],
  checkpointDelaySeconds: null,
  bakeSeconds: 0,
  alarms: [],
  autoRollback: false,
  skipMatching: true,
};
