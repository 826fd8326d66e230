import type { Capacity, DisableGuard, ShareGuard, TagStates } from '@gennaker/domain';
import type { OnServerGroup } from './operation-context.js';

/** Operations on one server group beside a deploy's own, on queue `aws-write`. */
export interface ServerGroupActivities {
  /**
   * Raises the minimum to `instancesMin` where it is lower; the maximum stays, so that scaling out stays possible. Throws
   * SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE (the maximum is now below it).
   */
  pinServerGroup(input: PinServerGroupInput): Promise<PinnedServerGroup>;
  /** Sets the minimum back, and nothing else, where it still is what the pin wrote. A group that is gone is done. */
  unpinServerGroup(input: UnpinServerGroupInput): Promise<UnpinnedServerGroup>;
  /**
   * Takes so many instances out of traffic that `percent` of those in service are out; the rest goes on serving. The same
   * again, or more, goes on where it stands. Throws TRAFFIC_GUARD, SUBJECT_VANISHED, INVALID_REQUEST (no target group).
   */
  disableServerGroupShare(input: DisableShareInput): Promise<DisabledShare>;
  /** Absolute sizes, read back; the guard is asked first, on live data. Throws TRAFFIC_GUARD, SUBJECT_VANISHED. */
  changeServerGroupSize(input: ChangeSizeInput): Promise<void>;
  /** Sets the sizes back where they still are what was written. A group that is gone, or another of its name, is done. */
  restoreServerGroupSize(input: RestoreSizeInput): Promise<RestoredSize>;
  /** Suspends and resumes exactly the named processes. Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE. */
  changeServerGroupProcesses(input: ChangeProcessesInput): Promise<void>;
  /** Read-only. The tags of these keys as they are; null: there is none. Throws SUBJECT_VANISHED. */
  readServerGroupTags(input: ReadTagsInput): Promise<ReadTags>;
  /** Sets and removes exactly these tags, read back. The same again changes nothing. Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE. */
  changeServerGroupTags(input: ChangeTagsInput): Promise<void>;
  /** Sets tags back where they still are what was written. A group that is gone is done. */
  restoreServerGroupTags(input: RestoreTagsInput): Promise<RestoredTags>;
  /** Sets tags of the group, not of its instances, and leaves the others. The same again changes nothing. Throws SUBJECT_VANISHED. */
  tagServerGroup(input: TagServerGroupInput): Promise<void>;
  /**
   * Deletes the group of that ARN, whoever made it, only while it is disabled. Gone already is done. Throws
   * CHANGED_BY_SOMEONE_ELSE, TRAFFIC_GUARD.
   */
  destroyServerGroup(input: DestroyInput): Promise<void>;
}

export interface ReadTagsInput extends OnServerGroup {
  readonly arn: string | null;
  readonly keys: readonly string[];
}

export interface ReadTags {
  readonly tags: TagStates;
}

export interface ChangeTagsInput extends OnServerGroup {
  readonly arn: string | null;
  /** By key; null: removed. */
  readonly tags: TagStates;
}

export interface RestoreTagsInput extends OnServerGroup {
  readonly arn: string | null;
  readonly recorded: TagStates;
  readonly written: TagStates;
}

export interface RestoredTags {
  readonly outcome: 'restored' | 'gone';
  /** Keys whose tag somebody else has set since: left as it is. */
  readonly left: readonly string[];
}

export interface TagServerGroupInput extends OnServerGroup {
  /** The ARN the group must still have; null: whatever has the name. */
  readonly arn: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PinServerGroupInput extends OnServerGroup {
  /** The ARN the group must still have; null: whatever has the name. */
  readonly arn: string | null;
  readonly instancesMin: number;
}

export interface PinnedServerGroup {
  /** The sizes read back. */
  readonly capacity: Capacity;
}

export interface UnpinServerGroupInput extends OnServerGroup {
  readonly arn: string | null;
  /** The sizes captured before the pin; only its minimum is restored. */
  readonly recorded: Capacity;
  /** What the pin wrote. */
  readonly pinnedMin: number;
}

export interface UnpinnedServerGroup {
  /**
   * `unpinned`: the minimum is the recorded one; `gone`: there is no such group any more; `changed`: somebody else has set
   * another minimum since, which is left as it is.
   */
  readonly outcome: 'unpinned' | 'gone' | 'changed';
  /** The minimum now; null for a group that is gone. */
  readonly min: number | null;
}

export interface DisableShareInput extends OnServerGroup {
  readonly arn: string | null;
  /** Of the instances in service, 1 to 99, rounded up. */
  readonly percent: number;
  readonly guard: ShareGuard | null;
}

export interface DisabledShare {
  readonly instancesOut: number;
  readonly instancesInService: number;
}

export interface ChangeSizeInput extends OnServerGroup {
  readonly arn: string | null;
  readonly capacity: Capacity;
  readonly guard: DisableGuard | null;
  /** Only while it takes no traffic: else nothing is changed (TRAFFIC_GUARD). Absent: not looked at. */
  readonly outOfTraffic?: boolean;
}

export interface RestoreSizeInput extends OnServerGroup {
  readonly arn: string | null;
  /** The sizes to come back to. */
  readonly recorded: Capacity;
  /** What was written: other bounds than these and the recorded ones are somebody else's. Null: whatever is there goes. */
  readonly written: Capacity | null;
  /**
   * What becomes of what runs: `recorded` brings the desired size back too; `kept` keeps what serves, within the recorded
   * bounds; `ended` is for a group out of traffic: Auto Scaling may terminate what is beyond the recorded size.
   */
  readonly running: 'recorded' | 'kept' | 'ended';
}

export type RestoredSize =
  /** Surplus: instances beyond the recorded size that are to leave, where they are to be ended. */
  | { readonly outcome: 'restored'; readonly surplus: number }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'changed'; readonly capacity: Capacity };

export interface ChangeProcessesInput extends OnServerGroup {
  readonly arn: string | null;
  readonly suspend: readonly string[];
  readonly resume: readonly string[];
}

export interface DestroyInput extends OnServerGroup {
  /** Another group of the same name is left alone. */
  readonly arn: string;
  /** Must hold before it is deleted, as must that no instance of it is registered (TRAFFIC_GUARD). Absent: not looked at. */
  readonly guard?: DisableGuard;
}

/** Waits on one server group, on queue `aws-wait`. */
export interface ServerGroupWaitActivities {
  /** Until no instance of the group is on its way out of a target group; what serves may stay. Throws STAGE_TIMEOUT. */
  awaitServerGroupShareDrained(input: OnServerGroup): Promise<void>;
}
