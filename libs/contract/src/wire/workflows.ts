/** The one argument of the `retryStage` and of the `cancelExecution` update. */
export type {
  AttentionRequest as ResolveAttentionRequest,
  CancelRequest as CancelExecutionRequest,
  JudgeRequest as JudgeStageRequest,
  LockClaim,
  LockQueue,
  RetryRequest as RetryStageRequest,
} from '@gennaker/domain';
import type {
  AcceptedCancel,
  AcceptedResolution,
  AnsweredJudgment,
  ClusterRef,
  ClusterView,
  DeployPlan,
  DeployStage,
  ExecutionState,
  ExecutionStatus,
  JsonObject,
  LockQueue,
  OpenUndo,
  Pipeline,
  RollbackClusterStage,
  UndoDifference,
} from '@gennaker/domain';

/** The one argument of `pipelineWorkflow`. The start carries no snapshot; only a continued run carries its state on. */
export interface PipelineWorkflowInput {
  readonly inputVersion: 1;
  readonly executionId: string;
  /** The generation that this run wants to open in the store: one above the newest known. */
  readonly generation: number;
  /** `start`: run what is ready. `message`: end after 60 s unless an update is accepted. */
  readonly purpose: 'start' | 'message';
  /** Passed to domain functions whose behaviour has changed between releases. */
  readonly engineVersion: number;
  /** History events at which the run continues as new; absent: 1,500. */
  readonly historyEventsMax?: number;
  /** Set by continue-as-new only. */
  readonly carried?: CarriedRun;
}

/** What a run hands to its successor. Generation and counters go on, so event keys stay unique. */
export interface CarriedRun {
  readonly pipeline: Pipeline;
  readonly state: ExecutionState;
  readonly eventsWritten: number;
  /** Running stages that the failure of another one is stopping. */
  readonly haltedRefIds: readonly string[];
}

export interface PipelineWorkflowResult {
  readonly resultVersion: 1;
  readonly outcome: 'finished' | 'superseded' | 'nothingAccepted';
  readonly status: ExecutionStatus | null;
}

export interface RetryStageAnswer {
  readonly executionId: string;
  readonly refId: string;
  readonly attempt: number;
}

export type JudgeStageAnswer = AnsweredJudgment & { readonly executionId: string };

export type CancelExecutionAnswer = AcceptedCancel & { readonly executionId: string };

export type ResolveAttentionAnswer = AcceptedResolution & { readonly executionId: string };

/** The one argument of `lockWorkflow`: one entity per resource, without expiry. */
export interface LockWorkflowInput {
  readonly inputVersion: 1;
  readonly resource: string;
  readonly carried?: LockQueue;
}

export interface LockGrantedSignal {
  readonly resource: string;
  readonly claim: string;
  readonly ticket: string;
}

export interface LockQueuedSignal {
  readonly resource: string;
  readonly claim: string;
  readonly holderExecutionId: string;
  /** 1 = next. */
  readonly place: number;
}

export interface LockReleaseSignal {
  readonly executionId: string;
  readonly claim: string;
  /** Of the asking that is over: a newer one of the same claim stays. */
  readonly ticket: string;
}

/** A look at AWS on behalf of the API, which may not know AWS itself. */
export type InspectWorkflowInput =
  | { readonly inputVersion: 1; readonly look: 'cluster'; readonly cluster: ClusterRef }
  | {
      readonly inputVersion: 1;
      readonly look: 'plan';
      readonly application: string;
      readonly stages: readonly PlanPreviewRequest[];
    }
  | ({ readonly inputVersion: 1; readonly look: 'undo' } & CompareUndoInput);

/** What is left to undo of an execution, to be compared with what AWS shows. */
export interface CompareUndoInput {
  readonly executionId: string;
  readonly open: readonly OpenUndo[];
}

/** Where AWS is not as the undo was to leave it, entry by entry; empty: it is. */
export interface ComparedUndo {
  readonly observedAt: string;
  readonly differences: readonly OpenUndoDifference[];
}

/** A difference, and the undo that it keeps open. */
export interface OpenUndoDifference extends UndoDifference {
  readonly refId: string;
  readonly attempt: number;
  /** Title of the undo entry. */
  readonly step: string;
}

export type PlanPreviewRequest = DeployPreviewRequest | { readonly stage: RollbackClusterStage };

export interface DeployPreviewRequest {
  readonly stage: DeployStage;
  /** Null when the image is found by a stage that has not run: the plan then says so. */
  readonly imageId: string | null;
}

export type InspectWorkflowResult =
  | { readonly look: 'cluster'; readonly cluster: ClusterView }
  | { readonly look: 'plan'; readonly plans: readonly PlanPreview[] }
  | ({ readonly look: 'undo' } & ComparedUndo);

export interface PlanPreview {
  readonly refId: string;
  readonly plan: DeployPlan | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: JsonObject;
  } | null;
}
