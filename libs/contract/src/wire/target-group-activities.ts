import type { OnServerGroup } from './operation-context.js';

/** Operations on the target group of a temporary server group, on queue `aws-write`. The subject is that server group. */
export interface TargetGroupActivities {
  /**
   * Makes a target group as another one is, with our owner tags and its expiry, and reads it back. A second call finds what
   * the first made. Throws NAME_CONFLICT (one of that name is not of this step), SUBJECT_VANISHED (the original is gone),
   * NOT_CARRIED_OVER.
   */
  ensureTargetGroup(input: EnsureTargetGroupInput): Promise<EnsuredTargetGroup>;
  /**
   * Deletes it, only one that carries our owner tags. Gone already is done. Throws NAME_CONFLICT; AWS_CONFLICT, which is
   * tried again, while a rule still forwards to it.
   */
  deleteTargetGroup(input: OnTargetGroup): Promise<void>;
}

export interface OnTargetGroup extends OnServerGroup {
  /** At most 32 characters (ELBv2 Name), unique in account and region. */
  readonly targetGroupName: string;
}

export interface EnsureTargetGroupInput extends OnTargetGroup {
  /** The ARN of the target group that it is a copy of. */
  readonly copyOf: string;
  /** When nobody needs it any more, ISO 8601: its expiry tag. */
  readonly expiresAt: string;
}

export interface EnsuredTargetGroup {
  readonly targetGroupArn: string;
}
