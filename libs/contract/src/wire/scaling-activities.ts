import type { Capacity, PlannedScaling, ScheduledAction } from '@gennaker/domain';
import type { OnServerGroup } from './operation-context.js';

/** What moves the size of a new server group, and the alarms that are made for it, on queue `aws-write`. */
export interface ScalingActivities {
  /**
   * Scaling policies, alarms, scheduled actions and warm pool; what is held stays suspended until `releaseScaling`. Throws
   * SUBJECT_VANISHED; NAME_CONFLICT for an alarm of that name by someone else; CHANGED_BY_SOMEONE_ELSE.
   */
  attachScaling(input: AttachScalingInput): Promise<AttachedScaling>;
  /** Resumes what was held, and makes up for the scheduled actions that were due meanwhile. Throws SUBJECT_VANISHED. */
  releaseScaling(input: ReleaseScalingInput): Promise<ReleasedScaling>;
  /** Deletes alarms that were made for a server group, and no others. Gone already is done. */
  deleteServerGroupAlarms(input: DeleteServerGroupAlarmsInput): Promise<DeletedAlarms>;
}

export interface AttachScalingInput extends OnServerGroup {
  /** The ARN the group must still have; null: whatever has the name. */
  readonly arn: string | null;
  readonly scaling: PlannedScaling;
  /** Scaling processes that are suspended before anything is attached. */
  readonly holds: readonly string[];
}

export interface AttachedScaling {
  readonly policies: readonly string[];
  readonly alarms: readonly string[];
  readonly scheduledActions: readonly string[];
  /** Scheduled actions that were due between the plan and the attachment, and do not recur. */
  readonly over: readonly string[];
}

export interface ReleaseScalingInput extends OnServerGroup {
  readonly arn: string | null;
  readonly resumes: readonly string[];
  /** As planned: their starts tell which of them were missed. */
  readonly scheduledActions: readonly ScheduledAction[];
}

export interface ReleasedScaling {
  /** Scheduled actions that were due while they were held. */
  readonly missed: readonly string[];
  /** The sizes afterwards: grown by the missed actions that make the group larger. */
  readonly capacity: Capacity;
}

export interface DeleteServerGroupAlarmsInput extends OnServerGroup {
  /**
   * Those that this execution's stage has made, by name; null: all that any execution has made for the group, found by
   * their names, which begin with the group's, and their tags.
   */
  readonly alarmNames: readonly string[] | null;
}

export interface DeletedAlarms {
  readonly deleted: readonly string[];
  /** They have such a name and someone else made them: they are left as they are. */
  readonly left: readonly string[];
}
