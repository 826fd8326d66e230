import type { CallOptions } from '../call-options.js';
import type { OwnerContext, TagMap } from '../operation-identity.js';

declare const targetGroupSettingsMark: unique symbol;

/**
 * What a target group is made of: protocol, port, VPC, health check and attributes, as ELBv2 gave them. Opaque: passed
 * from a read to a write of this process.
 */
export interface TargetGroupSettings {
  readonly [targetGroupSettingsMark]: true;
}

/** A target group found by its name, and whose it is. */
export interface FoundTargetGroup {
  readonly arn: string;
  readonly tags: TagMap;
}

/** Reads for temporary target groups; see AwsReads for what all of them throw. */
export interface TargetGroupReads {
  /** DescribeTargetGroups and DescribeTags of one name; undefined when there is none. */
  findTargetGroup(name: string, options: CallOptions): Promise<FoundTargetGroup | undefined>;
  /**
   * DescribeTargetGroups and DescribeTargetGroupAttributes: everything that a clone needs. AWS_NOT_FOUND; NOT_CARRIED_OVER
   * where it has fields that this release does not know.
   */
  readTargetGroupSettings(
    targetGroupArn: string,
    options: CallOptions,
  ): Promise<TargetGroupSettings>;
}

/** Writes for temporary target groups; see AwsWrites for what all of them throw. */
export interface TargetGroupWrites {
  /**
   * CreateTargetGroup with our tags. AWS gives an existing group of that name and these settings as if it had made it:
   * read it back by name and compare its tags. `alreadyExists`: one of that name has other settings.
   */
  createTargetGroup(
    request: CreateTargetGroupRequest,
    options: CallOptions,
  ): Promise<CreateTargetGroupOutcome>;
  /** ModifyTargetGroupAttributes to what the settings have: absolute, repeatable. AWS_NOT_FOUND. */
  writeTargetGroupAttributes(
    change: { readonly targetGroupArn: string; readonly settings: TargetGroupSettings },
    options: CallOptions,
  ): Promise<void>;
  /** DeleteTargetGroup. `gone`: it is not there. AWS_CONFLICT while a listener or a rule forwards to it. */
  deleteTargetGroup(
    targetGroupArn: string,
    options: CallOptions,
  ): Promise<{ readonly outcome: 'deleted' | 'gone' }>;
}

export interface CreateTargetGroupRequest {
  /** At most 32 letters, digits and hyphens, no hyphen at either end. */
  readonly name: string;
  readonly settings: TargetGroupSettings;
  readonly owner: OwnerContext;
  /** When nobody needs it any more, ISO 8601: told by a tag, for who finds it afterwards. */
  readonly expiresAt: string;
}

export type CreateTargetGroupOutcome =
  | { readonly outcome: 'created'; readonly targetGroupArn: string }
  | { readonly outcome: 'alreadyExists' };
