import type { PlannedTag, ServerGroupView, UncopiedSettings } from '@gennaker/domain';
import type { TagMap } from './operation-identity.js';

/** Where a group's instances get their settings from. */
export type LaunchSource =
  | {
      readonly kind: 'launchTemplate';
      readonly launchTemplateId: string;
      readonly launchTemplateName: string | null;
      /** As the group has it: a number, `$Latest` or `$Default`. */
      readonly version: string;
    }
  | { readonly kind: 'launchConfiguration'; readonly launchConfigurationName: string }
  /** A mixed instances policy; its base template is in `launchTemplateId` and `version`. */
  | {
      readonly kind: 'mixedInstancesPolicy';
      readonly launchTemplateId: string | null;
      readonly version: string | null;
    }
  | { readonly kind: 'none' };

/** What DescribeAutoScalingGroups tells of settings that a clone would lose. */
export type UncopiedGroupSettings = Pick<
  UncopiedSettings,
  'enabledMetrics' | 'classicLoadBalancers' | 'otherTrafficSources' | 'groupSettings'
>;

/** What hangs on a group and is not part of it: one call each. */
export type UncopiedAttachments = Pick<
  UncopiedSettings,
  'scalingPolicies' | 'scheduledActions' | 'lifecycleHooks' | 'notificationTopics'
>;

/** The settings of a server group that a clone is made from (DescribeAutoScalingGroups). */
export interface ServerGroupSettings {
  readonly launch: LaunchSource;
  readonly subnetIds: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  /** Every tag of the group, ours and `aws:` ones too. */
  readonly tags: readonly PlannedTag[];
  readonly uncopied: UncopiedGroupSettings;
}

/** A server group with everything that one read gives. */
export interface ServerGroupDetails {
  readonly view: ServerGroupView;
  readonly settings: ServerGroupSettings;
  readonly tags: TagMap;
}
