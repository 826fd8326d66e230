import type { CanaryArm } from '../canary/canary-analysis.js';
import type { CanaryInconclusive } from '../canary/canary-strategy.js';
import type { HeldAnalyses } from '../canary/held-analysis.js';
import type { Capacity, ServerGroupOwner, ServerGroupRef } from '../groups/cluster.js';
import type { PlannedServerGroup } from './planned-server-group.js';
import type { ShareGuard } from '../groups/share-out.js';
import type { DisableGuard } from '../groups/disable-guard.js';
import type { RuleRef } from '../weights/listener-rule.js';
import type { RuleChange, WeightGuard } from '../weights/rule-change.js';
import type { RefreshPreferences } from '../refreshes/instance-refresh.js';
import type { RecordedRule } from '../weights/recorded-weights.js';

/** One step: an operation on one server group. `id` is unique within the plan and stable. */
export type PlanStep =
  | (StepBase & {
      readonly operation: 'createServerGroup';
      /** Target groups that no rule may send requests to when an undo destroys it; absent: not looked at. */
      readonly weightless?: readonly string[];
      /** What is made instead of the plan's target, for a while only; absent: that target. */
      readonly temporary?: PlannedServerGroup;
      /** After a failure it is kept, disabled; absent: it is destroyed. */
      readonly keepOnFailure?: true;
    })
  | (StepBase & {
      /** Makes a temporary target group as another one is; its ARN takes the place of `madeTargetGroup(name)` afterwards. */
      readonly operation: 'createTargetGroup';
      readonly targetGroupName: string;
      /** ARN of the one that it is a copy of. */
      readonly copyOf: string;
      /** When nobody needs it any more, ISO 8601: its expiry tag. */
      readonly expiresAt: string;
    })
  | (StepBase & {
      /** Outputs `since`: AWS's time once the weights hold, from which a step's minutes count. */
      readonly operation: 'beginCanaryStep';
    })
  | (StepBase &
      PlannedCanaryComparison &
      PlannedCanaryWatch & { readonly operation: 'watchCanary' })
  | (StepBase &
      PlannedCanaryComparison & {
        /** The verdict of a step: it goes on, is held or undone, or is undone. */
        readonly operation: 'analyseCanary';
        readonly onInconclusive: CanaryInconclusive;
        /** The canary is watched with these while a person is asked. Absent in plans of before: nothing is watched. */
        readonly alarms?: readonly string[];
        /** It is analysed again meanwhile. Absent in plans of before: it is not. */
        readonly held?: HeldAnalyses;
      })
  | (StepBase &
      Partial<PlannedCanaryComparison> & {
        /** A person says whether the deploy goes on; the canary is watched meanwhile, but for plans of before. */
        readonly operation: 'awaitApproval';
        readonly instructions: string;
        readonly alarms?: readonly string[];
        readonly held?: HeldAnalyses;
      })
  | (StepBase & {
      /** Undoes what these steps have recorded, last first, while the deploy goes on: what was for a while only. */
      readonly operation: 'undoEarly';
      readonly entryIds: readonly string[];
    })
  | (StepBase & { readonly operation: 'resizeServerGroup'; readonly capacity: Capacity })
  | (StepBase & {
      /** Raises the minimum, so that nothing scales in below it; scaling out stays possible. */
      readonly operation: 'pinServerGroup';
      readonly arn: string;
      readonly instancesMin: number;
      /** The sizes when this was planned: an unpin restores the minimum from them. */
      readonly recorded: Capacity;
    })
  | (StepBase & {
      readonly operation: 'unpinServerGroup';
      /** Null: the new group's, which is known once it is made. */
      readonly arn: string | null;
      /** The minimum comes back to this one's; desired and maximum stay as they are. */
      readonly recorded: Capacity;
      /** The minimum that the pin has set: another one was written by someone else and stays. */
      readonly pinnedMin: number;
    })
  | (StepBase & {
      readonly operation: 'awaitHealthy';
      readonly instancesHealthyMin: number;
      /** Holds the wait until every zone in which these serve is covered; absent: zones do not count. */
      readonly zoneFloor?: ZoneFloor;
    })
  | (StepBase & {
      /** Grows the subject first where the others have more in service by now, then waits until it is healthy. */
      readonly operation: 'matchServerGroup';
      readonly others: readonly string[];
      readonly instancesHealthyMin: number;
      readonly targetHealthyPercent: number;
      readonly zoneFloor: ZoneFloor;
    })
  | (StepBase & {
      /**
       * Brings an existing group into traffic: registers what runs, resumes its processes once that is healthy, and gives it
       * these sizes. What it was like is captured first, and its undo restores that.
       */
      readonly operation: 'enableServerGroup';
      /** Of the group that was planned with: another one of its name is not enabled. */
      readonly arn: string;
      readonly capacity: Capacity;
      /** What stays suspended. */
      readonly suspendedProcesses: readonly string[];
      /** What must serve when an undo takes it out of traffic again; null where nothing else did. */
      readonly undoGuard: DisableGuard | null;
      /** Target groups that no rule may send requests to then; absent: not looked at. */
      readonly weightless?: readonly string[];
    })
  | (StepBase & {
      readonly operation: 'disableServerGroup';
      /** The fresh look that must hold at the moment of the disable; null: it has no traffic that somebody must take. */
      readonly guard: DisableGuard | null;
      /** Target groups that no rule may send requests to: else nothing is changed. Absent: not looked at. */
      readonly weightless?: readonly string[];
    })
  | (StepBase & {
      /** Takes so many instances out of traffic that `percent` (1 to 99) of those in service are; the rest serves on. */
      readonly operation: 'disableServerGroupShare';
      readonly arn: string;
      readonly percent: number;
      readonly guard: ShareGuard;
    })
  | (StepBase & {
      /** One absolute write of a rule's weights; the subject is the server group whose share changes. */
      readonly operation: 'setRuleWeights';
      readonly rule: RuleRef;
      readonly change: RuleChange;
      readonly guards: readonly WeightGuard[];
      /** What undoes this step and all later ones of the rule; null: an earlier step has recorded it. */
      readonly undo: PlannedRuleUndo | null;
    })
  | (StepBase & {
      /** Throws where the rule is not as the last write of this deploy has left it. */
      readonly operation: 'verifyRuleWeights';
      readonly rule: RuleRef;
      readonly change: RuleChange;
    })
  | (StepBase & {
      /** Keeps on the group which weights were written last: who starts next compares them. */
      readonly operation: 'recordWeights';
      /** Null: the new group's. */
      readonly arn: string | null;
      readonly weights: readonly RecordedRule[];
    })
  | (StepBase & {
      /** Keeps on a group that stays in service without requests until when it is to, and its minimum before the pin. */
      readonly operation: 'keepWarm';
      readonly arn: string;
      readonly warmSeconds: number;
      readonly instancesMin: number;
    })
  | (StepBase & {
      /** Gives the new group what moves its size, as the plan's target says. `holds` stay suspended until the release. */
      readonly operation: 'attachScaling';
      readonly holds: readonly string[];
    })
  | (StepBase & {
      /** Ends what the attachment held, once the switch is verified. */
      readonly operation: 'releaseScaling';
      readonly resumes: readonly string[];
    })
  | (StepBase & { readonly operation: 'awaitNoInstanceRefresh' })
  | (StepBase & {
      /** Records what the group launches from, then makes a version of it with another image. */
      readonly operation: 'createLaunchTemplateVersion';
      readonly launchTemplateId: string;
      readonly imageId: string;
      /** Null: as the recorded version has it. */
      readonly instanceType: string | null;
      /** Number of the version that it is made from; absent: the one that the group launches from. */
      readonly copyOf?: string;
      readonly undo: PlannedRefreshUndo;
    })
  | (StepBase & {
      readonly operation: 'startInstanceRefresh';
      readonly preferences: RefreshPreferences;
    })
  | (StepBase & {
      readonly operation: 'awaitInstanceRefresh';
      readonly arn: string;
      /** Instances that the refresh keeps in service at least. */
      readonly instancesFloor: number;
    })
  | (StepBase & { readonly operation: 'delay'; readonly delaySeconds: number })
  | (StepBase & {
      /** Looks at the alarms for so long, and once at the end; 0: that one look. One in ALARM stops the deploy. */
      readonly operation: 'watchAlarms';
      readonly alarms: readonly string[];
      readonly watchSeconds: number;
    })
  | (StepBase & { readonly operation: 'verifyDeploy'; readonly instancesHealthyMin: number })
  | (StepBase & {
      /** No instances any more, the maximum stays. Only a group that is out of traffic, while the guard holds. */
      readonly operation: 'scaleDownServerGroup';
      readonly arn: string;
      readonly capacity: Capacity;
      readonly guard: DisableGuard;
    })
  | (StepBase & {
      /** Deletes a group that is out of traffic, while the guard holds. Cannot be undone. */
      readonly operation: 'destroyServerGroup';
      readonly arn: string;
      /** Who made it: by that its launch template and its alarms are known; null: not Gennaker. */
      readonly owner: ServerGroupOwner | null;
      readonly guard: DisableGuard;
    });

export type PlanStepOperation = PlanStep['operation'];

/** The step with that operation. */
export type PlanStepOf<Operation extends PlanStepOperation> = Extract<
  PlanStep,
  { readonly operation: Operation }
>;

/** Who is compared, since when. */
export interface PlannedCanaryComparison {
  /** Id of the step that noted when the weights began to hold. */
  readonly since: string;
  readonly rules: readonly RuleRef[];
  readonly arms: readonly CanaryArm[];
}

/** How long a canary is watched at one share, by AWS's minutes. */
export interface PlannedCanaryWatch {
  /** Ends it once the canary has had so many, in enough minutes; null: the minutes alone end it. */
  readonly requestsWanted: number | null;
  readonly minutesMax: number;
  /** An analysis in the background so often; null: none. */
  readonly analyseEveryMinutes: number | null;
  /** One in ALARM stops the deploy. */
  readonly alarms: readonly string[];
}

/** How a rule is given its requests back. */
export interface PlannedRuleUndo {
  readonly title: string;
  readonly change: RuleChange;
  readonly guards: readonly WeightGuard[];
}

/** How the instances come back to the recorded version, and how long that may take at most. */
export interface PlannedRefreshUndo {
  readonly preferences: RefreshPreferences;
  readonly secondsMax: number;
}

/** Before a switch every zone in which the old groups serve has this share of their count in the new one; 0: none. */
export interface ZoneFloor {
  readonly serverGroups: readonly string[];
  readonly percent: number;
}

interface StepBase {
  readonly id: string;
  readonly title: string;
  readonly subject: ServerGroupRef;
  /** What comes after the verified switch: if it fails, or its time is up, that is told and the deploy has succeeded. */
  readonly teardown?: true;
}
