import type { PlannedTag } from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';

/** Writes of the tags of a server group; `AwsWrites` says what all writes throw. */
export interface ServerGroupTagWrites {
  /** CreateOrUpdateTags: repeatable; other tags stay. An empty list makes no call. AWS_NOT_FOUND, AWS_INVALID. */
  putServerGroupTags(
    serverGroup: string,
    tags: readonly PlannedTag[],
    options: CallOptions,
  ): Promise<void>;
  /** DeleteTags by key, whatever the value: repeatable, unknown keys are fine. An empty list makes no call. AWS_NOT_FOUND. */
  deleteServerGroupTags(
    serverGroup: string,
    keys: readonly string[],
    options: CallOptions,
  ): Promise<void>;
}
