import type { RecordedLaunch, RefreshPreferences } from '../../refreshes/instance-refresh.js';
import type { RollingStrategy } from '../../pipeline/pipeline.js';

/** Nothing that serves is ended before its replacement serves, so that there is never less than there was. */
const defaultMinHealthyPercent = 100;
/** A tenth more instances at a time is what most quotas carry; with 100 an old one would have to go first. */
const defaultMaxHealthyPercent = 110;
/** Alarms and checks by hand that the stage wants are its own; a bake time alone would only make it slower. */
const defaultBakeSeconds = 0;
/** An instance that runs the new version already (one that scaling has launched meanwhile) is not replaced again. */
const defaultSkipMatching = true;
/** The way back is faster: half of the fleet at a time beside what serves, and never less in service than forward. */
const rollbackMaxHealthyPercent = 150;
/** AWS's bound between the two limits. */
const healthySpanPercentMax = 100;

/** The preferences of a rolling deploy, each with the safe default. Pure; bounds are the pipeline schema's. */
export function rollingPreferences(
  strategy: RollingStrategy,
  launch: RecordedLaunch,
): RefreshPreferences {
  const checkpoints = strategy.checkpoints ?? [];
  const percents = checkpoints.map(({ percent }) => percent);
  // AWS replaces everything only if the last checkpoint is 100 (API_RefreshPreferences).
  const isWhole = percents.length === 0 || percents.at(-1) === 100;
  return {
    minHealthyPercent: strategy.minHealthyPercent ?? defaultMinHealthyPercent,
    maxHealthyPercent: strategy.maxHealthyPercent ?? defaultMaxHealthyPercent,
    instanceWarmupSeconds: strategy.instanceWarmupSeconds ?? null,
    checkpointPercents: isWhole ? percents : [...percents, 100],
    checkpointDelaySeconds: checkpoints[0]?.delaySeconds ?? null,
    bakeSeconds: strategy.bakeSeconds ?? defaultBakeSeconds,
    alarms: strategy.alarms ?? [],
    autoRollback: canAwsRollBack(launch),
    skipMatching: strategy.skipMatching ?? defaultSkipMatching,
  };
}

/** Of a refresh back to the recorded version: no checkpoints, no alarms, faster, and replacing only what is not there yet. */
export function reversePreferences(forward: RefreshPreferences): RefreshPreferences {
  const span = forward.minHealthyPercent + healthySpanPercentMax;
  const faster = Math.min(span, rollbackMaxHealthyPercent);
  return {
    ...forward,
    maxHealthyPercent: Math.max(forward.maxHealthyPercent, faster),
    checkpointPercents: [],
    checkpointDelaySeconds: null,
    bakeSeconds: 0,
    alarms: [],
    autoRollback: false,
    skipMatching: true,
  };
}

/** AWS rolls back to a numbered version only (ours are pinned), and to none whose image is a Systems Manager parameter. */
function canAwsRollBack({ imageId }: RecordedLaunch): boolean {
  return imageId?.startsWith('resolve:ssm:') !== true;
}
