import type { LaunchedFrom, ServerGroupOwner } from '@gennaker/domain';

declare const launchDataMark: unique symbol;

/**
 * The whole data of a launch template version or launch configuration, as EC2 gave it. Opaque: it holds user data, so
 * it is passed from a read to a write, and never logged, stored or put into an error.
 */
export interface LaunchData {
  readonly [launchDataMark]: true;
}

/** The settings of launch data that a person or a plan may see. */
export interface LaunchSummary {
  readonly imageId: string | null;
  readonly instanceType: string | null;
  readonly keyName: string | null;
  /** Name or ARN. */
  readonly iamInstanceProfile: string | null;
  /** Of the first network interface where there is one, else of the template. */
  readonly securityGroupIds: readonly string[];
  /** Without a mixed instances policy, which has shares of its own. */
  readonly purchase: LaunchedFrom['purchase'];
}

/** One numbered version of a launch template. */
export interface LaunchTemplateVersionDetails {
  readonly launchTemplateId: string;
  readonly launchTemplateName: string;
  /** Always the number, also where `$Latest` or `$Default` was asked for. */
  readonly version: string;
  /** Whose operation made it, by its description; null: somebody else's. */
  readonly madeBy: ServerGroupOwner | null;
  readonly data: LaunchData;
  readonly summary: LaunchSummary;
  /** Fields in AWS's reply that this release does not know and a clone would lose, by their path on the wire. */
  readonly unknownFields: readonly string[];
}

/** A launch configuration turned into launch data. */
export interface LaunchConfigurationDetails {
  readonly launchConfigurationName: string;
  readonly data: LaunchData;
  readonly summary: LaunchSummary;
  readonly unknownFields: readonly string[];
}

/** What a new launch template has in place of the source's values; null or absent: as the source has it. */
export interface LaunchOverrides {
  readonly imageId?: string | null;
  readonly instanceType?: string | null;
  readonly keyName?: string | null;
  /** Name or ARN. */
  readonly iamInstanceProfile?: string | null;
  readonly securityGroupIds?: readonly string[] | null;
}
