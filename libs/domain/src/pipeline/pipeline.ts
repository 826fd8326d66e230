import type { CanaryStrategy } from '../canary/canary-strategy.js';
import type { Capacity, ComparisonOperator } from '../groups/cluster.js';
import type { StageBase } from './stage-base.js';
import type { ServerGroupStage } from './server-group-stages.js';

/** A pipeline definition as validated and stored: configuration only, never run-time state. */
export interface Pipeline {
  readonly schemaVersion: 1;
  readonly application: string;
  readonly name: string;
  readonly description?: string;
  readonly stages: readonly StageSpec[];
}

/** Finds the newest available image of an owner by exact name or by tags (EC2 DescribeImages). */
export interface FindImageStage extends StageBase {
  readonly type: 'findImage';
  readonly account: string;
  readonly region: string;
  /** `self` or 12-digit account ids; never "anyone" (name confusion, clouddriver 2.3 step 4). */
  readonly owners: readonly string[];
  readonly imageName?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Which image a deploy uses: a fixed one, or what an upstream findImage stage found. */
export type ImageReference = { readonly imageId: string } | { readonly fromStage: string };

/** How traffic moves from the old server group to the new one. */
export type DeployStrategy =
  | { readonly type: 'none' }
  | RedBlackStrategy
  | RollingRedBlackStrategy
  | RollingStrategy
  | BlueGreenStrategy
  | CanaryStrategy;

/** CloudWatch alarms as gates of a switch. */
export interface AlarmGated {
  /**
   * CloudWatch alarms that must not be in ALARM: when the deploy begins, from when new instances are healthy until old ones
   * leave, and while it bakes. One that is not there stops it too; INSUFFICIENT_DATA does not.
   */
  readonly alarms?: readonly string[];
  /** How long the alarms are watched after the switch, in seconds; default 0: one look. */
  readonly bakeSeconds?: number;
}

/**
 * Two target groups behind the same listener rules: the new group stands behind the idle one and gets requests by the rules'
 * weights; the old fleet is kept in service without any, as the way back.
 */
export interface BlueGreenStrategy extends AlarmGated {
  readonly type: 'blueGreen';
  /** Exactly two, in any order: what serves is told from the weights. */
  readonly targetGroupArns: readonly string[];
  /** Every rule that forwards to them, 1 to 6; the default action of a listener goes by the listener's ARN. */
  readonly ruleArns: readonly string[];
  /** Shares of the requests, rising, up to 100, which is added where it is missing; default: all at once. */
  readonly weightSteps?: readonly WeightStep[];
  /** How long the old fleet is to stay in service, in seconds; 0: it is disabled after the switch. Default 3600. */
  readonly warmSeconds?: number;
  /** Weights of somebody else that may be written over, in the words in which CHANGED_BY_SOMEONE_ELSE names them. */
  readonly acceptWeights?: readonly string[];
}

/** One share of the requests, 1 to 100 percent, and how long it is held, in seconds (default 0). */
export interface WeightStep {
  readonly percent: number;
  readonly pauseSeconds?: number;
}

/** What becomes of the old groups once the switch is verified; what fails of it is told and fails nothing. */
export interface ScalesDown {
  /** Scales what this deploy has disabled to no instances; their maximum stays (Spinnaker's scaleDown). Default false. */
  readonly scaleDown?: boolean;
  /** How long they stay warm before, in seconds (Spinnaker's delayBeforeScaleDownSec); default 0. */
  readonly delayBeforeScaleDownSeconds?: number;
}

/** The new group is made whole beside the old ones, which are then taken out of their target groups. */
export interface RedBlackStrategy extends AlarmGated, ScalesDown {
  readonly type: 'redBlack';
  /** How long both serve before the first disable, in seconds (Spinnaker's delayBeforeDisableSec); default 0. */
  readonly delayBeforeDisableSeconds?: number;
  /**
   * Server groups that the cluster keeps, 2 or more with the new one and its source (Spinnaker's maxRemainingAsgs): surplus
   * ones are destroyed, the oldest first, and only such as were disabled when the deploy began. Absent: all stay.
   */
  readonly maxRemainingServerGroups?: number;
  /** Destroys them before the switch, as Spinnaker does; default false: once it is verified. */
  readonly shrinkBefore?: boolean;
}

/** The new group grows, and the old one leaves traffic, in shares of the size recorded at the start. */
export interface RollingRedBlackStrategy extends AlarmGated, ScalesDown {
  readonly type: 'rollingRedBlack';
  /** Rising, each 1 to 100; 100 is added where it is missing (Spinnaker's targetPercentages). Default 50, 100. */
  readonly targetPercents?: readonly number[];
  /** Between a step's new instances being healthy and as many old ones leaving, in seconds; default 0. */
  readonly delayBeforeDisableSeconds?: number;
  /** Enabled groups that there may be at the start, 1 to 10 (Spinnaker's maxInitialAsgs); default 1. */
  readonly enabledServerGroupsMax?: number;
}

/**
 * The instances of the server group that serves are replaced in place (Auto Scaling's instance refresh). Percentages are of
 * its desired capacity.
 */
export interface RollingStrategy {
  readonly type: 'rolling';
  /** In service at least, 0 to 100; default 100. */
  readonly minHealthyPercent?: number;
  /** At once at most, 100 to 200, and at most 100 above the minimum; default 110. */
  readonly maxHealthyPercent?: number;
  /** From InService to counting as ready; default: the server group's own warm-up, else its grace period. */
  readonly instanceWarmupSeconds?: number;
  /** Pauses, ascending; AWS has one delay for all of them. Default: none. */
  readonly checkpoints?: readonly RollingCheckpoint[];
  /** How long the alarms are watched after the last replacement; default 0. */
  readonly bakeSeconds?: number;
  /** CloudWatch alarms of the account and region: one that fires rolls back. Default: none. */
  readonly alarms?: readonly string[];
  /** Leaves instances alone that run the new version already; default true. */
  readonly skipMatching?: boolean;
}

export interface RollingCheckpoint {
  readonly percent: number;
  readonly delaySeconds: number;
}

/** Deploys a new server group of a cluster. Everything not given is inherited from the source server group. */
export interface DeployStage extends StageBase {
  readonly type: 'deploy';
  readonly account: string;
  readonly region: string;
  readonly stack?: string;
  readonly detail?: string;
  readonly image: ImageReference;
  readonly strategy: DeployStrategy;
  /** Absent: as large as the source is when the deploy starts. */
  readonly capacity?: Capacity;
  readonly instanceType?: string;
  /** Scaling processes suspended before the first instance is launched (Auto Scaling SuspendProcesses). */
  readonly suspendedProcesses?: readonly string[];
  readonly targetHealthyPercent: number;
  /**
   * Before a switch every zone in which the source serves has this share of its count healthy in the new group, 0 to 100;
   * 0 asks for nothing. Default 90.
   */
  readonly zoneFloorPercent?: number;
  readonly healthCheckGraceSeconds?: number;
  /** Source settings that may be left behind, by the names that NOT_CARRIED_OVER lists. */
  readonly acceptNotCopied: readonly string[];
  /**
   * What becomes of the new server group when the deploy fails or is late: `keepDisabled` keeps it out of traffic, as large
   * as it is, for people to look at (none, redBlack, rollingRedBlack). A cancel always destroys it. Default `destroy`.
   */
  readonly onFailure?: 'destroy' | 'keepDisabled';
  /** Only without a source server group. */
  readonly launch?: LaunchSettings;
}

/** What a cluster's very first server group needs, since there is nothing to inherit. */
export interface LaunchSettings {
  readonly instanceType: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly keyName?: string;
  readonly iamInstanceProfile?: string;
  readonly healthCheckType: 'EC2' | 'ELB';
}

/**
 * Brings an earlier server group of a cluster back into traffic, grown to what serves, and takes what serves out of it
 * (Spinnaker's rollbackCluster).
 */
export interface RollbackClusterStage extends StageBase {
  readonly type: 'rollbackCluster';
  readonly account: string;
  readonly region: string;
  /** The cluster's whole name, such as `web-prod`. */
  readonly cluster: string;
  /** Absent: the source that the last successful deploy of the cluster recorded; never one chosen by age. */
  readonly toServerGroup?: string;
  /** The server group that is believed to serve; another one is CLUSTER_MOVED_ON. Absent: whatever serves. */
  readonly expectedServing?: string;
  readonly targetHealthyPercent: number;
  /** As of a deploy stage. */
  readonly zoneFloorPercent?: number;
  /** Of a cluster that was deployed by weights: the rules that are switched back. They are locked with the cluster. */
  readonly ruleArns?: readonly string[];
  /** As of blueGreen. */
  readonly acceptWeights?: readonly string[];
  /** Why, for the record. */
  readonly reason?: string;
}

/** Waits a fixed time; costs nothing while it waits. */
export interface WaitStage extends StageBase {
  readonly type: 'wait';
  readonly waitSeconds: number;
}

/** One condition of a checkPreconditions stage. */
export type Precondition =
  | {
      readonly type: 'clusterSize';
      readonly account: string;
      readonly region: string;
      readonly cluster: string;
      /** `enabled` counts only server groups that take traffic. */
      readonly count: 'enabled' | 'all';
      readonly comparison: ComparisonOperator;
      readonly expected: number;
    }
  | {
      readonly type: 'stageOutput';
      readonly stage: string;
      readonly output: string;
      readonly comparison: ComparisonOperator;
      readonly expected: string | number | boolean;
    };

/** Fails unless every condition holds. Looks once; never waits. */
export interface CheckPreconditionsStage extends StageBase {
  readonly type: 'checkPreconditions';
  readonly preconditions: readonly Precondition[];
}

/** Waits until a person decides, by an update that answers at once; `stop` ends it TERMINAL. */
export interface ManualJudgmentStage extends StageBase {
  readonly type: 'manualJudgment';
  readonly instructions?: string;
  /** Choices, one of which comes with `continue` and becomes the output `input`; empty: none (Spinnaker's name). */
  readonly judgmentInputs: readonly string[];
}

export type StageSpec =
  | FindImageStage
  | DeployStage
  | RollbackClusterStage
  | WaitStage
  | CheckPreconditionsStage
  | ManualJudgmentStage
  | ServerGroupStage;
export type StageType = StageSpec['type'];
