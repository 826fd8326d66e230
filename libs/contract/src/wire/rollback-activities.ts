import type { DeployPlan, RollbackClusterStage, ServerGroupRestoreState } from '@gennaker/domain';
import type { OnServerGroup, OperationContext } from './operation-context.js';

/** What brings an earlier server group back, and takes it out again, on queue `aws-write`. */
export interface RollbackActivities {
  /**
   * Reads AWS and what executions have recorded, and plans. Changes nothing. Throws SERVER_GROUP_NOT_FOUND, CLUSTER_MOVED_ON,
   * PRECONDITION_FAILED, INVALID_REQUEST.
   */
  planRollback(input: PlanRollbackInput): Promise<DeployPlan>;
  /** Suspends and resumes until exactly the captured processes are suspended. A group that is gone is done. */
  restoreServerGroupProcesses(input: RestoreServerGroupInput): Promise<void>;
}

/** Waits of a rollback, on queue `aws-wait`. */
export interface RollbackWaitActivities {
  /** Until the group has no more instances than that, those on their way out included. Gone is done. Throws STAGE_TIMEOUT. */
  awaitServerGroupShrunk(input: AwaitShrunkInput): Promise<void>;
}

export interface PlanRollbackInput {
  readonly context: OperationContext;
  readonly stage: RollbackClusterStage;
}

export interface RestoreServerGroupInput extends OnServerGroup {
  /** The ARN the group must still have; another one of the name is left alone. */
  readonly arn: string;
  readonly restore: ServerGroupRestoreState;
}

export interface AwaitShrunkInput extends OnServerGroup {
  readonly instancesMax: number;
}
