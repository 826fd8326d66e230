import type { DeployPlan } from '../plans/deploy-plan.js';
import type { AnalysisSummary } from '../canary/canary-analysis.js';
import type { ErrorRecord } from '../errors.js';
import type { EvidenceSummary } from './failure-evidence.js';
import type {
  AcceptedCancel,
  AcceptedResolution,
  AcceptedRetry,
  AttentionResolution,
  RemainingStep,
  ScalingActivityRecord,
  StageSummary,
  UrgentStart,
  WaitingFor,
} from './execution-event.js';
import type { JsonObject } from '../json.js';
import type { TargetedServerGroup } from '../groups/server-group-target.js';
import type { JudgmentState } from '../requests/judgment.js';
import type { ExecutionStatus } from './status.js';
import type { UndoCause, UndoEntry, UndoStatus } from '../undo/undo.js';

/** An execution as the fold of its events: the engine's state and the view that people get are this one type. */
export interface ExecutionState {
  readonly executionId: string;
  readonly application: string;
  readonly pipelineName: string;
  readonly pipelineVersion: number | null;
  readonly createdBy: string;
  /** Absent: it waits for locks as others do. */
  readonly urgent?: UrgentStart;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly status: ExecutionStatus;
  /** Set on a TERMINAL or CANCELED execution whose undo a person must finish (a mark, not a status). */
  readonly needsAttention: NeedsAttention | null;
  /** Set while no worker can replay the execution's history. */
  readonly engineStalled: string | null;
  /** The cancel in force; a retry clears it. */
  readonly cancel: AcceptedCancel | null;
  readonly stages: readonly StageState[];
  readonly acceptedRetries: readonly (AcceptedRetry & {
    readonly refId: string;
    readonly attempt: number;
  })[];
  readonly acceptedCancels: readonly AcceptedCancel[];
  /** Ways out of NEEDS_ATTENTION that people have chosen, oldest first; absent: none. */
  readonly attentionResolutions?: readonly AcceptedResolution[];
  /** Set while one of them is carried out: the execution is open for that alone. */
  readonly resolving?: ResolvingState;
}

/** A way out of NEEDS_ATTENTION that is being carried out. */
export interface ResolvingState {
  readonly resolution: AttentionResolution;
  /** What the execution had ended with, and ends with again. */
  readonly endsAs: ExecutionStatus;
  /** The cancel that was in force before, and is again. */
  readonly cancel: AcceptedCancel | null;
}

export interface NeedsAttention {
  readonly reason: string;
  readonly remaining: readonly RemainingStep[];
}

export interface StageState {
  readonly refId: string;
  readonly name: string;
  readonly type: string;
  readonly requisiteStageRefIds: readonly string[];
  /** NOT_STARTED again after a retry upstream or of the stage itself, although older attempts are kept. */
  readonly status: ExecutionStatus;
  /** Oldest first; never changed once they have ended. */
  readonly attempts: readonly AttemptState[];
}

export interface AttemptState {
  readonly attempt: number;
  readonly status: ExecutionStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** When the stage's undo begins if it has not finished, ISO 8601. */
  readonly deadline: string;
  readonly waitingFor: WaitingFor | null;
  readonly plan: DeployPlan | null;
  readonly steps: readonly StepState[];
  /** The server group that the stage works on, where it works on one that existed already. */
  readonly targeted?: TargetedServerGroup;
  /** Canary analyses, oldest first, without their reports; absent where none was made. */
  readonly analyses?: readonly AnalysisSummary[];
  /** What people were asked, oldest first; absent where nothing was. */
  readonly judgments?: readonly JudgmentState[];
  /** Whether the stage's cluster lock was granted to this attempt. */
  readonly lockGranted: boolean;
  readonly undoing: UndoingState | null;
  readonly undo: readonly UndoState[];
  readonly outputs: JsonObject;
  readonly error: ErrorRecord | null;
  readonly summary: StageSummary | null;
}

export interface UndoingState {
  readonly cause: UndoCause;
  readonly error: ErrorRecord | null;
  readonly scalingActivities: readonly ScalingActivityRecord[];
  /** Without the texts of the consoles, which are in the event alone. */
  readonly evidence?: EvidenceSummary;
}

export interface StepState {
  readonly stepId: string;
  readonly operation: string;
  readonly title: string;
  readonly status: ExecutionStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outputs: JsonObject;
  readonly error: ErrorRecord | null;
}

export interface UndoState {
  readonly entry: UndoEntry;
  readonly status: UndoStatus;
  readonly error: ErrorRecord | null;
  /** What a person should know although it is done. */
  readonly note?: string;
}

/** The newest attempt, if the stage ever started. */
export function latestAttempt(stage: StageState): AttemptState | undefined {
  return stage.attempts.at(-1);
}

/** The stage of that refId, if there is one. */
export function findStage(state: ExecutionState, refId: string): StageState | undefined {
  return state.stages.find((stage) => stage.refId === refId);
}
