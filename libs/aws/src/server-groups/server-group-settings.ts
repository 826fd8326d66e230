import type {
  JsonObject,
  PlannedTag,
  ServerGroupView,
  SourceGroupSettings,
} from '@gennaker/domain';
import type { TagMap } from '../operation-identity.js';

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
      /** All of it in AWS's own shape, base template and overrides included. */
      readonly policy: JsonObject;
    }
  | { readonly kind: 'none' };

/** One setting of a group that a clone does not carry over. */
export interface UncarriedSetting {
  /** A stable name: what NOT_CARRIED_OVER lists and `acceptNotCopied` takes. */
  readonly name: string;
  /** The value in a person's words. */
  readonly value: string;
}

/** The settings of a server group that a clone is made from (DescribeAutoScalingGroups). */
export interface ServerGroupSettings {
  readonly launch: LaunchSource;
  readonly subnetIds: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  /** From InService to counting as warm; null: none is set. */
  readonly defaultInstanceWarmupSeconds: number | null;
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  /** Every tag of the group, ours and `aws:` ones too. */
  readonly tags: readonly PlannedTag[];
  /** What a clone is given besides. */
  readonly carriedOver: SourceGroupSettings;
  /** What the group has set and a clone would lose, as far as DescribeAutoScalingGroups tells. */
  readonly notCarriedOver: readonly UncarriedSetting[];
}

/** A server group with everything that one read gives. */
export interface ServerGroupDetails {
  readonly view: ServerGroupView;
  readonly settings: ServerGroupSettings;
  readonly tags: TagMap;
}
