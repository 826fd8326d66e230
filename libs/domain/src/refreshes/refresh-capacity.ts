import type { RefreshPreferences } from './instance-refresh.js';

type Limits = Pick<RefreshPreferences, 'minHealthyPercent' | 'maxHealthyPercent'>;

/**
 * How many of `desired` instances stay in service at least: the minimum rounded up; without leave to launch first one less
 * than all, since Auto Scaling then ends one in any case ("limits the rate to one instance at a time", instance refresh
 * user guide).
 */
export function refreshFloor(desired: number, limits: Limits): number {
  const minimum = Math.ceil((desired * limits.minHealthyPercent) / 100);
  return Math.max(
    0,
    instancesBeyond(desired, limits) > 0 ? minimum : Math.min(minimum, desired - 1),
  );
}

/** How many instances beyond `desired` there may be at a time: at least one as soon as the maximum is above 100 %. */
export function instancesBeyond(desired: number, { maxHealthyPercent }: Limits): number {
  if (desired === 0 || maxHealthyPercent <= 100) return 0;
  return Math.max(1, Math.floor((desired * maxHealthyPercent) / 100) - desired);
}

/** From the request of an instance to its first healthy answer, and from the end of another to its last one. */
const launchAndDrainSeconds = 300;

/**
 * About how long a refresh of all instances takes, in seconds: batches of what may be missing and what may be beyond, each
 * launched, warm and drained; then checkpoints and bake time. For warnings and for the bound of an undo, not a promise.
 */
export function refreshSecondsAbout(
  desired: number,
  preferences: RefreshPreferences,
  warmupSeconds: number,
): number {
  const batch = Math.max(
    1,
    desired - refreshFloor(desired, preferences) + instancesBeyond(desired, preferences),
  );
  const batches = Math.ceil(desired / batch);
  const { checkpointPercents, checkpointDelaySeconds, bakeSeconds } = preferences;
  return (
    batches * (warmupSeconds + launchAndDrainSeconds) +
    checkpointPercents.length * (checkpointDelaySeconds ?? 0) +
    bakeSeconds
  );
}
