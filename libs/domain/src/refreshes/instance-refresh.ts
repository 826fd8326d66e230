import type { Capacity, LaunchTemplateVersionRef, ServerGroupOwner } from '../groups/cluster.js';
import type { JsonObject } from '../json.js';

/** Auto Scaling's statuses of an instance refresh (API_InstanceRefresh); `Unknown`: a word that came after this release. */
export const refreshStatuses = [
  'Pending',
  'InProgress',
  'Baking',
  'Successful',
  'Failed',
  'Cancelling',
  'Cancelled',
  'RollbackInProgress',
  'RollbackSuccessful',
  'RollbackFailed',
  'Unknown',
] as const;
export type RefreshStatus = (typeof refreshStatuses)[number];

/** One instance refresh of a server group as AWS tells of it (DescribeInstanceRefreshes). Times ISO 8601, by AWS's clock. */
export interface InstanceRefreshView {
  readonly refreshId: string;
  readonly status: RefreshStatus;
  /** AWS's own words, such as what it waits for; null where it says nothing. */
  readonly statusReason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Of the instances, healthy and warm; goes back to 0 during a rollback. */
  readonly percentComplete: number;
  /** Instances that are still to be replaced. */
  readonly instancesToUpdate: number;
  /** The launch template version that its desired configuration names; null where it has none. Decides whose it is. */
  readonly desired: LaunchTemplateVersionRef | null;
  /** Why it rolls or rolled back, in AWS's words; null while it did not. */
  readonly rollbackReason: string | null;
}

/** How an instance refresh goes about it (API_RefreshPreferences). Percentages are of the desired capacity. */
export interface RefreshPreferences {
  readonly minHealthyPercent: number;
  /** 100 to 200; at most 100 above the minimum. Above 100 new instances are launched before old ones are ended. */
  readonly maxHealthyPercent: number;
  /** Null: the server group's own default warm-up, else its health check grace period. */
  readonly instanceWarmupSeconds: number | null;
  /** Ascending; the last one is 100. Empty: none. */
  readonly checkpointPercents: readonly number[];
  /** Waited at each checkpoint; null exactly where there is none. */
  readonly checkpointDelaySeconds: number | null;
  readonly bakeSeconds: number;
  /** Names of CloudWatch alarms: one that fires fails the refresh. */
  readonly alarms: readonly string[];
  /** Auto Scaling rolls back by itself when the refresh fails, also while nobody watches it. */
  readonly autoRollback: boolean;
  readonly skipMatching: boolean;
}

/** What a server group launches from, resolved to something that never changes. */
export interface RecordedLaunch extends LaunchTemplateVersionRef {
  /** As the group had it: a number, `$Latest` or `$Default`. */
  readonly specified: string;
  /** The template's newest version when this was recorded: one of ours is above it. */
  readonly latestVersion: string;
  readonly imageId: string | null;
  /** Whose operation made the version; null: somebody else's. */
  readonly madeBy: ServerGroupOwner | null;
  /** The group's whole mixed instances policy in AWS's own shape, where it has one. */
  readonly mixedInstancesPolicy: JsonObject | null;
}

/**
 * What a server group was like before its instances were replaced in place: captured by a read-only activity, written to
 * history, and given to the refresh and to its undo, which never derive it (DESIGN D8).
 */
export interface RefreshRestoreState {
  readonly arn: string;
  readonly capacity: Capacity;
  readonly suspendedProcesses: readonly string[];
  readonly instancesInService: number;
  readonly launch: RecordedLaunch;
  /** How many instances ran each version, by {@link versionKey}; those of no launch template by an empty text. */
  readonly runningVersions: Readonly<Record<string, number>>;
}

/** A launch template version as one text: `lt-0123456789abcdef0:7`; an empty one for none. */
export function versionKey(version: LaunchTemplateVersionRef | null | undefined): string {
  return version ? `${version.launchTemplateId}:${version.version}` : '';
}

/** Whether two numbered versions are the same one; none is the same as nothing. */
export function isSameVersion(
  one: LaunchTemplateVersionRef | null | undefined,
  other: LaunchTemplateVersionRef | null | undefined,
): boolean {
  const key = versionKey(one);
  return key !== '' && key === versionKey(other);
}

const ended: readonly RefreshStatus[] = [
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackSuccessful',
  'RollbackFailed',
];

/** Whether the refresh has not ended: a group has at most one such. A word that is not known counts as active. */
export function isActiveRefresh({ status }: Pick<InstanceRefreshView, 'status'>): boolean {
  return !ended.includes(status);
}

/** A refresh in a sentence for people: id, start, percent, status, and AWS's words where it has some. */
export function refreshInWords(refresh: InstanceRefreshView): string {
  const { refreshId, startedAt, percentComplete, status, statusReason } = refresh;
  const said = statusReason === null ? '' : `: ${statusReason}`;
  return `instance refresh ${refreshId} (since ${startedAt}, ${percentComplete} %, ${status}${said})`;
}
