import type {
  Capacity,
  ClusterRef,
  ClusterView,
  DeployPlan,
  DeployStage,
  DisableGuard,
  EventRecord,
  ExecutionState,
  FailureEvidence,
  FindImageStage,
  LaunchTemplateVersionRef,
  Pipeline,
  PlannedServerGroup,
  ScalingActivityRecord,
  ServerGroupRestoreState,
  ServingServerGroup,
  ZoneFloor,
} from '@gennaker/domain';
import type { AlarmActivities } from './alarm-activities.js';
import type { CanaryActivities, CanaryWaitActivities } from './canary-activities.js';
import type { OnServerGroup, OperationContext } from './operation-context.js';
import type { RefreshWaitActivities, RefreshWriteActivities } from './refresh-activities.js';
import type { ScalingActivities } from './scaling-activities.js';
import type {
  ServerGroupActivities,
  ServerGroupWaitActivities,
} from './server-group-activities.js';
import type { RollbackActivities, RollbackWaitActivities } from './rollback-activities.js';
import type { RuleActivities } from './rule-activities.js';
import type { SwitchActivities } from './switch-activities.js';
import type { TargetGroupActivities } from './target-group-activities.js';
import type {
  ComparedUndo,
  CompareUndoInput,
  InspectWorkflowInput,
  PlanPreview,
} from './workflows.js';

/** Queue `records`. Retried without limit, except for the codes that say never. */
export interface RecordsActivities {
  /** Compare-and-set of the generation; the loser gets `superseded`. The same run asking again wins again. */
  openRun(input: OpenRunInput): Promise<OpenRunResult>;
  /** Writes what the outbox holds in one round trip. A key that is there already is skipped. Throws SUPERSEDED. */
  recordEvents(input: RecordEventsInput): Promise<void>;
  /** Signals the lock entity, starting it if it is not there. The same claim again changes nothing. */
  requestLock(input: RequestLockInput): Promise<void>;
}

/** Queue `aws-write`: short reads and all changes. Every change is observe, act, verify, and harmless twice. */
export interface AwsWriteActivities
  extends
    ServerGroupActivities,
    SwitchActivities,
    RefreshWriteActivities,
    RollbackActivities,
    RuleActivities,
    TargetGroupActivities,
    ScalingActivities,
    CanaryActivities {
  findImage(input: FindImageInput): Promise<FoundImage>;
  readCluster(input: ReadClusterInput): Promise<ClusterView>;
  /** Reads AWS, refuses what cannot be carried over, reserves the name (once an attempt), and plans. */
  planDeploy(input: PlanDeployInput): Promise<DeployPlan>;
  previewPlans(input: Extract<InspectWorkflowInput, { look: 'plan' }>): Promise<PreviewPlansResult>;
  /** Read-only. What a later enable has to restore. Throws SUBJECT_VANISHED. */
  captureServerGroup(input: OnServerGroup): Promise<ServerGroupRestoreState>;
  /** Launch template, then the group at 0/0/0 with tags and target groups, then the suspended processes. */
  createServerGroup(input: CreateServerGroupInput): Promise<CreatedServerGroup>;
  resizeServerGroup(input: ResizeServerGroupInput): Promise<void>;
  /** Suspends, then takes the instances out of their target groups. Guarded by a fresh look when `guard` is given. */
  disableServerGroup(input: DisableServerGroupInput): Promise<void>;
  /** First half of enable: pins the minimum at the recorded size (but at most at what runs) and registers what runs. */
  registerServerGroup(input: EnableServerGroupInput): Promise<RegisteredServerGroup>;
  /** Second half, once healthy: marks instances healthy, resumes what was not suspended before, restores the sizes. */
  resumeServerGroup(input: EnableServerGroupInput): Promise<void>;
  /** Deletes the group (only one that carries our owner tag). Gone already is done. */
  deleteServerGroup(input: OnServerGroup): Promise<void>;
  /** Deletes the launch template made for the group, if it is ours and nothing uses it. Gone already is done. */
  deleteLaunchTemplate(input: OnServerGroup): Promise<void>;
  /** Auto Scaling's own words about the group, newest first, at most 20. Empty when the group is not there. */
  readScalingActivities(input: OnServerGroup): Promise<readonly ScalingActivityRecord[]>;
  /**
   * How the group's targets stand and what its troubled instances wrote to their consoles; null when it is not there. A part
   * that cannot be read is named in it. The texts may contain secrets.
   */
  readFailureEvidence(input: OnServerGroup): Promise<FailureEvidence | null>;
  /** Where AWS is not as what is left to undo was to leave it. Read-only; one look may be stale, so it takes several. */
  compareUndo(input: CompareUndoInput): Promise<ComparedUndo>;
  /** What serves traffic now, for people. */
  readServing(input: ReadClusterInput): Promise<ServingReport>;
}

/** Queue `aws-wait`: long, heartbeating, cancellable; report progress by the event log. */
export interface AwsWaitActivities
  extends
    RefreshWaitActivities,
    ServerGroupWaitActivities,
    RollbackWaitActivities,
    AlarmActivities,
    CanaryWaitActivities {
  /** Throws SUBJECT_VANISHED, LAUNCH_FAILED (three in a row that waiting cannot cure), STAGE_TIMEOUT. */
  awaitServerGroupHealthy(input: AwaitHealthyInput): Promise<HealthyReport>;
  /** Until no target group knows an instance of the group other than as unused or gone. */
  awaitServerGroupDrained(input: OnServerGroup): Promise<void>;
  /** Until DescribeAutoScalingGroups no longer shows it. */
  awaitServerGroupGone(input: OnServerGroup): Promise<void>;
}

export interface OpenRunInput {
  readonly executionId: string;
  readonly generation: number;
  readonly runId: string;
}

export type OpenRunResult =
  | {
      readonly outcome: 'opened';
      readonly pipeline: Pipeline;
      readonly state: ExecutionState;
    }
  | { readonly outcome: 'superseded'; readonly generation: number };

export interface RecordEventsInput {
  readonly executionId: string;
  readonly generation: number;
  readonly events: readonly EventRecord[];
}

export interface RequestLockInput {
  readonly lockWorkflowId: string;
  readonly resource: string;
  readonly executionId: string;
  readonly claim: string;
  readonly ticket: string;
  /** See LockClaim. */
  readonly urgent?: boolean;
}

export interface FindImageInput {
  readonly context: OperationContext;
  readonly stage: FindImageStage;
}

export interface FoundImage {
  readonly imageId: string;
  readonly imageName: string;
  readonly createdAt: string;
}

export interface ReadClusterInput {
  readonly cluster: ClusterRef;
  readonly priority: OperationContext['priority'];
}

export interface PlanDeployInput {
  readonly context: OperationContext;
  readonly application: string;
  readonly stage: DeployStage;
  readonly imageId: string;
  /** A newer server group that a retry accepted by name. */
  readonly acceptedServerGroup: string | null;
  /** What the stage's last attempt saw (its plan's observedServerGroups and target); null on the first attempt. */
  readonly knownServerGroups: readonly string[] | null;
  /** What the last attempt of a deploy in place found the group to launch from; null or absent on the first. */
  readonly knownLaunchTemplate?: LaunchTemplateVersionRef | null;
}

export interface PreviewPlansResult {
  readonly plans: readonly {
    readonly refId: string;
    readonly plan: DeployPlan | null;
    readonly error: PlanPreview['error'];
  }[];
}

export interface CreateServerGroupInput {
  readonly context: OperationContext;
  readonly cluster: ClusterRef;
  readonly target: PlannedServerGroup;
}

export interface CreatedServerGroup {
  readonly serverGroup: string;
  readonly arn: string;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
}

export interface ResizeServerGroupInput extends OnServerGroup {
  readonly capacity: Capacity;
}

export interface DisableServerGroupInput extends OnServerGroup {
  /** The ARN the group must have; absent: whatever has the name. */
  readonly arn?: string;
  readonly restore: ServerGroupRestoreState;
  readonly guard: DisableGuard | null;
  /** Target groups that no rule may send requests to: else nothing is changed (TRAFFIC_GUARD). Absent: not looked at. */
  readonly weightless?: readonly string[];
}

export interface RegisteredServerGroup {
  readonly instancesRegistered: number;
}

export interface EnableServerGroupInput extends OnServerGroup {
  readonly restore: ServerGroupRestoreState;
}

export interface AwaitHealthyInput extends OnServerGroup {
  readonly instancesHealthyMin: number;
  /** The ARN the group must still have; a same-named newer group is not ours. Null: whatever has the name. */
  readonly arn: string | null;
  /** Holds the wait until every zone is covered too; absent: zones do not count. */
  readonly zoneFloor?: ZoneFloor;
}

export interface HealthyReport {
  readonly healthy: number;
  readonly wanted: number;
  readonly observedAt: string;
}

export interface ServingReport {
  readonly observedAt: string;
  readonly serverGroups: readonly ServingServerGroup[];
}
