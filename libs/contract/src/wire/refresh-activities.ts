import type {
  InstanceRefreshView,
  LaunchTemplateVersionRef,
  RecordedLaunch,
  RefreshPreferences,
  RefreshRestoreState,
} from '@gennaker/domain';
import type { OnServerGroup } from './operation-context.js';

/**
 * Replacing the instances of a server group in place, by Auto Scaling's instance refresh; on queue `aws-write`. A refresh is
 * ours only if its desired configuration names the version that our operation made; any other is left alone.
 */
export interface RefreshWriteActivities {
  /**
   * Read-only. What an undo has to restore. Throws SUBJECT_VANISHED; INVALID_REQUEST where the group cannot be refreshed
   * (no launch template, overrides with templates of their own, processes suspended).
   */
  captureRefreshState(input: OnServerGroup): Promise<RefreshRestoreState>;
  /**
   * Sets the group to the number that its `$Latest` or `$Default` means, so that our version changes nothing by being
   * there, and so that AWS can roll back. Throws CHANGED_BY_SOMEONE_ELSE, SUBJECT_VANISHED.
   */
  pinLaunchTemplate(input: PinLaunchTemplateInput): Promise<void>;
  /** Makes a version of the recorded one with another image, or finds the one that this operation made. */
  ensureLaunchTemplateVersion(
    input: EnsureLaunchTemplateVersionInput,
  ): Promise<LaunchTemplateVersionRef>;
  /** Starts the refresh unless ours is there, or another's stands in the way. Throws CHANGED_BY_SOMEONE_ELSE. */
  startInstanceRefresh(input: StartInstanceRefreshInput): Promise<StartedInstanceRefresh>;
  /**
   * One step back: rolls ours back, cancels it where AWS cannot roll back, or starts one to the recorded version once ours
   * has ended; nothing as long as that would take capacity away. Asked again until it says `restored`. Throws
   * CHANGED_BY_SOMEONE_ELSE.
   */
  rollbackInstanceRefresh(input: RollbackInstanceRefreshInput): Promise<RolledBackInstanceRefresh>;
  /** Deletes our version, then lets the group follow `$Latest` or `$Default` again where it did. Repeatable. */
  restoreLaunchTemplate(input: RestoreLaunchTemplateInput): Promise<void>;
}

/** On queue `aws-wait`. */
export interface RefreshWaitActivities {
  /** Until no instance refresh is active, whoever started it; none is touched. Throws STAGE_TIMEOUT naming the one. */
  awaitNoInstanceRefresh(input: OnServerGroup): Promise<void>;
  /**
   * Until ours has succeeded and every instance runs its version. Throws INSTANCE_REFRESH_FAILED, LAUNCH_FAILED,
   * CHANGED_BY_SOMEONE_ELSE (cancelled, replaced or rolled back by others), SUBJECT_VANISHED, STAGE_TIMEOUT.
   */
  awaitInstanceRefresh(input: AwaitInstanceRefreshInput): Promise<InstanceRefreshReport>;
}

export interface PinLaunchTemplateInput extends OnServerGroup {
  readonly restore: RefreshRestoreState;
}

export interface EnsureLaunchTemplateVersionInput extends OnServerGroup {
  readonly launch: RecordedLaunch;
  readonly imageId: string;
  /** Null: as the recorded version has it. */
  readonly instanceType: string | null;
  /** Number of the version that it is made from; absent: the recorded one. */
  readonly copyOf?: string;
}

export interface StartInstanceRefreshInput extends OnServerGroup {
  readonly restore: RefreshRestoreState;
  /** The version that this deploy made. */
  readonly ours: LaunchTemplateVersionRef;
  readonly preferences: RefreshPreferences;
}

export type StartedInstanceRefresh =
  | { readonly outcome: 'running'; readonly refreshId: string }
  /** Somebody else's is active: nothing was started. */
  | { readonly outcome: 'foreign'; readonly refresh: InstanceRefreshView };

export interface AwaitInstanceRefreshInput extends OnServerGroup {
  readonly arn: string;
  readonly refreshId: string;
  readonly ours: LaunchTemplateVersionRef;
  /** How many instances the refresh keeps in service at least; for people. */
  readonly instancesFloor: number;
}

export interface InstanceRefreshReport {
  readonly refreshId: string;
  readonly instances: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface RollbackInstanceRefreshInput extends OnServerGroup {
  readonly restore: RefreshRestoreState;
  /** Key of the operation that made our version, if it did. */
  readonly versionOperationKey: string;
  /** Of the refresh to the recorded version, where one is needed. */
  readonly preferences: RefreshPreferences;
  /** Until then (ISO 8601) instances that start are given time before the first step; absent: they are not waited for. */
  readonly settleUntil?: string;
}

export type RolledBackInstanceRefresh =
  | { readonly state: 'waiting'; readonly refreshId: string | null }
  /** Nothing was done yet: so many instances count for Auto Scaling and do not serve; see `stillStarting`. */
  | { readonly state: 'settling'; readonly starting: number }
  | {
      readonly state: 'restored';
      /** What a person should know although nothing is left to undo; null: everything is as recorded. */
      readonly note: string | null;
      /** Instances that must be healthy: as recorded, or as many as the group wants now where that is less. */
      readonly instancesHealthyMin: number;
    };

export interface RestoreLaunchTemplateInput extends OnServerGroup {
  readonly restore: RefreshRestoreState;
  readonly versionOperationKey: string;
}
