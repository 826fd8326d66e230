import type { AlarmActions, AwsMembers } from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';
import type { TagMap } from '../operation-identity.js';

/** A metric alarm of CloudWatch (DescribeAlarms). */
export interface AlarmDetails {
  readonly name: string;
  readonly arn: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  /** CloudWatch's own words on the state, at most 1,023 characters. */
  readonly stateReason: string;
  /** ARNs that it acts on, by the state that it enters. */
  readonly actions: AlarmActions<string>;
  /** What PutMetricAlarm takes besides the name, the actions and the tags. */
  readonly members: AwsMembers;
  /** Null unless they were asked for. */
  readonly tags: TagMap | null;
}

/** Which alarms are read: by name (unknown ones are left out), or all whose name begins so. */
export type AlarmQuery = { readonly names: readonly string[] } | { readonly namePrefix: string };

/** A read of alarms; what is not asked for is not fetched. */
export interface AlarmReadOptions extends CallOptions {
  /** Fetches the tags: one ListTagsForResource an alarm. */
  readonly withTags?: boolean;
}
