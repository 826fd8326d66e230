import type { ClusterView, ServerGroupView } from '../groups/cluster.js';
import type { DeployPlan } from '../plans/deploy-plan.js';
import type { AcceptedRetry } from '../execution/execution-event.js';
import {
  findStage,
  latestAttempt,
  type AttemptState,
  type ExecutionState,
  type StageState,
} from '../execution/execution-state.js';
import { nextAttemptNumber } from '../execution/execution-machine.js';
import { downstreamRefIds } from '../execution/fold-execution.js';
import { refused, type Decision } from '../refusal.js';
import { isComplete, isHalted } from '../execution/status.js';

/** What a retry asks for; `observedCluster` is the stage's cluster as AWS had it just before. */
export interface RetryRequest {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly refId: string;
  readonly expectedAttempt?: number;
  readonly by: string;
  readonly reason: string;
  readonly acceptServerGroup?: string;
  readonly observedCluster?: ClusterView;
}

interface RetryAnswer {
  readonly attempt: number;
}

interface AcceptedStageRetry {
  readonly attempt: number;
  readonly request: AcceptedRetry;
}

/**
 * Whether a stage may be retried (DESIGN D5). A repeat of an accepted request gets the recorded attempt; refusals are
 * IDEMPOTENCY_KEY_REUSED, STAGE_NOT_FOUND, EXECUTION_CANCELING, STAGE_NOT_RETRYABLE, STALE_ATTEMPT, CLUSTER_MOVED_ON.
 */
export function decideRetry(
  state: ExecutionState,
  request: RetryRequest,
): Decision<AcceptedStageRetry, RetryAnswer> {
  const earlier = state.acceptedRetries.find((known) => known.requestId === request.requestId);
  if (earlier !== undefined) {
    return earlier.bodyHash === request.bodyHash && earlier.refId === request.refId
      ? { outcome: 'repeated', answer: { attempt: earlier.attempt } }
      : refused('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
  }
  const stage = findStage(state, request.refId);
  if (stage === undefined) {
    return refused('STAGE_NOT_FOUND', `the execution has no stage "${request.refId}"`);
  }
  return refusalOf(state, stage, request) ?? accept(stage, request);
}

/** The server group that moved the cluster on since the plan was made, if any: newer by someone else, or the source changed. */
export function clusterMovedOnBy(
  executionId: string,
  plan: DeployPlan | null,
  cluster: ClusterView,
): ServerGroupView | 'sourceChanged' | null {
  const isNewer = plan === null ? ofNewerExecution(executionId) : unknownTo(plan);
  const newest = cluster.serverGroups
    .filter((group) => group.owner?.executionId !== executionId)
    .findLast(isNewer);
  if (newest !== undefined) return newest;
  if (plan === null || plan.source === null) return null;
  const { source } = plan;
  const now = cluster.serverGroups.find((group) => group.arn === source.arn);
  return now === undefined || now.deleting ? 'sourceChanged' : null;
}

function unknownTo(plan: DeployPlan): (group: ServerGroupView) => boolean {
  const known = new Set([...plan.observedServerGroups, plan.target.serverGroup]);
  return (group) => !known.has(group.name);
}

function ofNewerExecution(executionId: string): (group: ServerGroupView) => boolean {
  return (group) => group.owner !== null && group.owner.executionId > executionId;
}

function refusalOf(state: ExecutionState, stage: StageState, request: RetryRequest) {
  const attempt = latestAttempt(stage);
  if (state.resolving !== undefined) {
    const message = 'what was left to undo is being settled; retry when that is over';
    return refused('STAGE_NOT_RETRYABLE', message, { status: stage.status });
  }
  if (state.cancel !== null && !isComplete(state.status)) {
    return refused(
      'EXECUTION_CANCELING',
      'the execution is being cancelled; retry when it has ended',
    );
  }
  if (attempt === undefined || !isRetryable(state, stage, attempt)) {
    return refused(
      'STAGE_NOT_RETRYABLE',
      `stage "${stage.refId}" is ${stage.status}; only a failed or cancelled stage can be retried`,
      { status: stage.status },
    );
  }
  const runningBelow = downstreamRefIds(state.stages, stage.refId).filter(
    (refId) => findStage(state, refId)?.status === 'RUNNING',
  );
  if (runningBelow.length > 0) {
    return refused(
      'STAGE_NOT_RETRYABLE',
      `stage "${runningBelow.join('", "')}" runs downstream of "${stage.refId}"`,
      { running: runningBelow },
    );
  }
  if (request.expectedAttempt !== undefined && request.expectedAttempt !== attempt.attempt) {
    return refused(
      'STALE_ATTEMPT',
      `stage "${stage.refId}" is at attempt ${attempt.attempt}, not ${request.expectedAttempt}; look again`,
      { attempt: attempt.attempt },
    );
  }
  return movedOnRefusal(state, stage, request);
}

/** Halted; or set back by a retry that a cancel then kept from starting. */
function isRetryable(state: ExecutionState, stage: StageState, latest: AttemptState): boolean {
  if (isHalted(stage.status)) return true;
  return stage.status === 'NOT_STARTED' && isHalted(latest.status) && isComplete(state.status);
}

function movedOnRefusal(state: ExecutionState, stage: StageState, request: RetryRequest) {
  if (request.observedCluster === undefined) return null;
  const plan = stage.attempts.findLast((attempt) => attempt.plan !== null)?.plan ?? null;
  const moved = clusterMovedOnBy(state.executionId, plan, request.observedCluster);
  if (moved === null) return null;
  if (moved === 'sourceChanged') {
    const source = plan?.source?.serverGroup ?? '';
    if (request.acceptServerGroup === source) return null;
    return refused(
      'CLUSTER_MOVED_ON',
      `the source server group ${source} is gone; name it in acceptClusterMovedOn to deploy all the same`,
      { serverGroup: source },
    );
  }
  if (request.acceptServerGroup === moved.name) return null;
  const maker =
    moved.owner === null ? 'someone outside of Gennaker' : `execution ${moved.owner.executionId}`;
  return refused(
    'CLUSTER_MOVED_ON',
    `${moved.name} was made by ${maker} at ${moved.createdAt}, after this stage's last attempt; ` +
      'name it in acceptClusterMovedOn to deploy over it',
    { serverGroup: moved.name, maker, createdAt: moved.createdAt },
  );
}

function accept(stage: StageState, request: RetryRequest) {
  return {
    outcome: 'accepted' as const,
    accepted: {
      attempt: nextAttemptNumber(stage),
      request: {
        requestId: request.requestId,
        bodyHash: request.bodyHash,
        by: request.by,
        reason: request.reason,
        acceptedServerGroup: request.acceptServerGroup ?? null,
      },
    },
  };
}
