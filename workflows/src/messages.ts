import {
  messageNames,
  type CancelExecutionAnswer,
  type CancelExecutionRequest,
  type JudgeStageAnswer,
  type JudgeStageRequest,
  type LockClaim,
  type LockGrantedSignal,
  type LockQueue,
  type LockQueuedSignal,
  type LockReleaseSignal,
  type ResolveAttentionAnswer,
  type ResolveAttentionRequest,
  type RetryStageAnswer,
  type RetryStageRequest,
} from '@gennaker/contract/wire';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

export const retryStageUpdate = defineUpdate<RetryStageAnswer, [RetryStageRequest]>(
  messageNames.retryStageUpdate,
);
export const cancelExecutionUpdate = defineUpdate<CancelExecutionAnswer, [CancelExecutionRequest]>(
  messageNames.cancelExecutionUpdate,
);
export const judgeStageUpdate = defineUpdate<JudgeStageAnswer, [JudgeStageRequest]>(
  messageNames.judgeStageUpdate,
);
export const resolveAttentionUpdate = defineUpdate<
  ResolveAttentionAnswer,
  [ResolveAttentionRequest]
>(messageNames.resolveAttentionUpdate);
export const lockGrantedSignal = defineSignal<[LockGrantedSignal]>(messageNames.lockGrantedSignal);
export const lockQueuedSignal = defineSignal<[LockQueuedSignal]>(messageNames.lockQueuedSignal);
export const requestLockSignal = defineSignal<[LockClaim]>(messageNames.requestLockSignal);
export const releaseLockSignal = defineSignal<[LockReleaseSignal]>(messageNames.releaseLockSignal);
export const lockQueueQuery = defineQuery<LockQueue>(messageNames.lockQueueQuery);
