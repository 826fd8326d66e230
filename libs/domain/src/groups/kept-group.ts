import type { TagStates } from './group-tags.js';
import { isoTime } from '../iso-time.js';

/** Tag key of a server group that was kept after its deploy had failed; a wire contract: groups in the field carry it. */
export const keptTagKey = 'gennaker:kept';

/** Tag key of when a temporary thing is no longer needed, ISO 8601: for who finds one that was left behind. */
export const expiryTagKey = 'gennaker:expires';

/** How long a failed server group is kept for people to look at: over a weekend, since its instances cost money. */
export const keptSeconds = 3 * 24 * 3600;

/**
 * What keeps a disabled group as it is besides what a disable suspends: nobody's policy, schedule, refresh or evening out
 * changes its size or its instances (Auto Scaling process types).
 */
export const keptProcesses: readonly string[] = [
  'AZRebalance',
  'AlarmNotification',
  'ScheduledActions',
  'InstanceRefresh',
];

/** Strategies whose new server group stands by itself, so that it can be kept when it has failed. */
export const keepingStrategies: readonly string[] = ['none', 'redBlack', 'rollingRedBlack'];

/** When a group that is kept from now on may go, ISO 8601. */
export function keptUntil(nowMs: number): string {
  return isoTime(nowMs + keptSeconds * 1000);
}

/** The tags of a kept group, besides those of its owner; none of them goes to instances. */
export function keptTags(until: string): TagStates {
  return {
    [keptTagKey]: { value: 'failed', propagateAtLaunch: false },
    [expiryTagKey]: { value: until, propagateAtLaunch: false },
  };
}
