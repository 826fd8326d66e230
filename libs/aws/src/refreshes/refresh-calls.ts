import type {
  InstanceRefreshView,
  JsonObject,
  LaunchTemplateVersionRef,
  RefreshPreferences,
} from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';
import type { OwnerContext } from '../operation-identity.js';

/** Reads around instance refreshes; what is said of AwsReads holds here too. */
export interface RefreshReads {
  /** DescribeInstanceRefreshes, newest first, at most `refreshesMax`. AWS_NOT_FOUND when the group is not there. */
  describeInstanceRefreshes(
    query: { readonly serverGroup: string; readonly refreshesMax: number },
    options: CallOptions,
  ): Promise<readonly InstanceRefreshView[]>;
  /**
   * The version that an operation of ours made (by its description), among those above `aboveVersion`; undefined when
   * there is none, or it is not visible yet. DescribeLaunchTemplateVersions, which has no filter for it.
   */
  findLaunchTemplateVersion(
    query: {
      readonly launchTemplateId: string;
      readonly aboveVersion: string;
      readonly operationKey: string;
    },
    options: CallOptions,
  ): Promise<LaunchTemplateVersionRef | undefined>;
  /** Every group of the region that launches from the template, with its version as the group has it. */
  listLaunchTemplateUsers(
    launchTemplateId: string,
    options: CallOptions,
  ): Promise<readonly LaunchTemplateUser[]>;
}

/** Writes around instance refreshes; what is said of AwsWrites holds here too. */
export interface RefreshWrites {
  /**
   * CreateLaunchTemplateVersion from a numbered source version, with our ClientToken and a description that names the
   * operation: the same operation again gives the same version. AWS_NOT_FOUND when template or source are not there.
   */
  createLaunchTemplateVersion(
    request: CreateLaunchTemplateVersionRequest,
    options: CallOptions,
  ): Promise<LaunchTemplateVersionRef>;
  /**
   * DeleteLaunchTemplateVersions of one version. `gone`: it is not there; `kept`: EC2 will not (someone made it the
   * default version), in its words.
   */
  deleteLaunchTemplateVersion(
    version: LaunchTemplateVersionRef,
    options: CallOptions,
  ): Promise<DeleteLaunchTemplateVersionOutcome>;
  /**
   * UpdateAutoScalingGroup of the launch template, or of the mixed instances policy as a whole: absolute, repeatable.
   * Moves no instance. AWS_CONFLICT while an instance refresh with a desired configuration is active; AWS_NOT_FOUND.
   */
  updateLaunchTemplate(
    serverGroup: string,
    launch: DesiredLaunch,
    options: CallOptions,
  ): Promise<void>;
  /**
   * StartInstanceRefresh. There is no token: on `inProgress` (also after a lost reply) read back, and compare the desired
   * configuration. AWS_NOT_FOUND; AWS_INVALID for preferences that AWS refuses, such as an alarm that is not there.
   */
  startInstanceRefresh(
    request: StartInstanceRefreshRequest,
    options: CallOptions,
  ): Promise<StartInstanceRefreshOutcome>;
  /** CancelInstanceRefresh; instances under way are waited for. `noneActive`: it has ended. A repeat is harmless. */
  cancelInstanceRefresh(
    serverGroup: string,
    options: CallOptions,
  ): Promise<{ readonly outcome: 'cancelling' | 'noneActive' }>;
  /**
   * RollbackInstanceRefresh. `irreversible`: AWS cannot (no numbered version to go back to, an image from a Systems
   * Manager parameter, or a rollback or cancel under way); `noneActive`: it has ended.
   */
  rollbackInstanceRefresh(
    serverGroup: string,
    options: CallOptions,
  ): Promise<{ readonly outcome: 'rollingBack' | 'irreversible' | 'noneActive' }>;
}

export interface LaunchTemplateUser {
  readonly serverGroup: string;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string;
}

export interface CreateLaunchTemplateVersionRequest {
  readonly launchTemplateId: string;
  /** A number. Everything that is not given here is as this version has it. */
  readonly sourceVersion: string;
  readonly imageId: string;
  /** Null: as the source has it. */
  readonly instanceType: string | null;
  readonly owner: OwnerContext;
}

export interface DeleteLaunchTemplateVersionOutcome {
  readonly outcome: 'deleted' | 'gone' | 'kept';
  /** EC2's words for `kept`. */
  readonly reason: string | null;
}

/** A launch template version that a group is to launch from; with a policy: as the base of that. */
export interface DesiredLaunch extends LaunchTemplateVersionRef {
  readonly mixedInstancesPolicy: JsonObject | null;
}

export interface StartInstanceRefreshRequest {
  readonly serverGroup: string;
  readonly desired: DesiredLaunch;
  readonly preferences: RefreshPreferences;
}

export type StartInstanceRefreshOutcome =
  | { readonly outcome: 'started'; readonly refreshId: string }
  | { readonly outcome: 'inProgress' };
