import type { Capacity, ServerGroupRef, ServerGroupRestoreState } from '../groups/cluster.js';
import type { DisableGuard } from '../groups/disable-guard.js';
import type { TagStates } from '../groups/group-tags.js';
import type { RuleRef } from '../weights/listener-rule.js';
import type { RuleChange, WeightGuard } from '../weights/rule-change.js';
import type { RefreshPreferences, RefreshRestoreState } from '../refreshes/instance-refresh.js';

/**
 * One thing to undo, recorded as data before its forward step starts (DESIGN D8). Entries are undone last first; the
 * first that fails stops the rest, so that nothing is destroyed before what replaces it serves again.
 */
export type UndoEntry =
  | (UndoBase & {
      readonly operation: 'destroyServerGroup';
      /** Target groups that no rule may send requests to when it goes; absent: not looked at. */
      readonly weightless?: readonly string[];
      /** Alarms that the deploy makes for the group: AWS does not delete them with it. Absent: none. */
      readonly alarmNames?: readonly string[];
      /** After a failure or a timeout it is kept, disabled, for people to look at; a cancel destroys it. Absent: no. */
      readonly keepOnFailure?: true;
    })
  | (UndoBase & {
      readonly operation: 'enableServerGroup';
      readonly restore: ServerGroupRestoreState;
      /** Server groups that have served in its place: where they have grown since, it grows with them. */
      readonly covers?: readonly string[];
      /** The stage goes on to destroy it: once it is gone there is nothing to enable, which cannot be helped. */
      readonly unlessGone?: boolean;
    })
  | (UndoBase & {
      /** Gives a group that was enabled back what it was before: out of traffic if it was, its sizes, its processes. */
      readonly operation: 'restoreServerGroup';
      /** The ARN of the group that was enabled: another one of the same name is left alone. */
      readonly arn: string;
      readonly restore: ServerGroupRestoreState;
      /** What must serve when it is taken out of traffic again; null where nothing else did. */
      readonly guard: DisableGuard | null;
      /** Target groups that no rule may send requests to then; absent: not looked at. */
      readonly weightless?: readonly string[];
    })
  | (UndoBase & {
      readonly operation: 'unpinServerGroup';
      /** The ARN of the group that was pinned: another one of the same name is left alone. */
      readonly arn: string | null;
      /** The sizes before the pin; only its minimum is restored. */
      readonly recorded: Capacity;
      /** What the pin wrote: another minimum found later is somebody else's. */
      readonly pinnedMin: number;
    })
  | (UndoBase &
      RuleChange & {
        /** Gives the requests back; the subject is the server group that they had gone to. */
        readonly operation: 'setRuleWeights';
        readonly rule: RuleRef;
        readonly guards: readonly WeightGuard[];
      })
  | (UndoBase & {
      /** Deletes a temporary target group, by its name and only if it is ours. */
      readonly operation: 'deleteTargetGroup';
      readonly targetGroupName: string;
    })
  | (UndoBase & {
      readonly operation: 'restoreCapacity';
      readonly arn: string | null;
      readonly recorded: Capacity;
      /** What the resize wrote: another minimum or maximum found later is somebody else's. */
      readonly written: Capacity;
      /** What must be healthy afterwards; 0 for a group out of traffic. */
      readonly instancesHealthyMin: number;
    })
  | (UndoBase & {
      readonly operation: 'restoreProcesses';
      readonly arn: string | null;
      readonly suspend: readonly string[];
      readonly resume: readonly string[];
    })
  | (UndoBase & {
      readonly operation: 'restoreTags';
      readonly arn: string | null;
      /** By key; null: there was none. */
      readonly recorded: TagStates;
      /** What the stage wrote: another tag found later is somebody else's. */
      readonly written: TagStates;
    })
  | (UndoBase & {
      readonly operation: 'rollbackInstanceRefresh';
      readonly restore: RefreshRestoreState;
      /** Key of the operation that makes our launch template version, if it comes to that. */
      readonly versionOperationKey: string;
      /** Of a refresh to the recorded version, where one is needed. */
      readonly preferences: RefreshPreferences;
      /** How long it may take at most, in seconds: replacing instances takes longer than other undo. */
      readonly secondsMax: number;
    });

interface UndoBase {
  /** Unique within the attempt; equals the id of the plan step that it undoes. */
  readonly id: string;
  readonly title: string;
  readonly subject: ServerGroupRef;
}

/** `pending`: not begun; `done`: undone and verified; `failed`: a person must look; `dropped`: the stage succeeded or was stopped. */
export type UndoStatus = 'pending' | 'done' | 'failed' | 'dropped';

/** Why an undo runs. */
export type UndoCause = 'failure' | 'timeout' | 'cancel';
