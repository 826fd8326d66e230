import type { DeployPlan } from '../plans/deploy-plan.js';
import type { AnalysisSummary } from '../canary/canary-analysis.js';
import type { ErrorRecord } from '../errors.js';
import type { EvidenceSummary, FailureEvidence } from './failure-evidence.js';
import type { JsonObject } from '../json.js';
import type { TargetedServerGroup } from '../groups/server-group-target.js';
import type { GivenJudgment, RequestedJudgment } from '../requests/judgment.js';
import type { ExecutionStatus } from './status.js';
import type { UndoCause, UndoEntry } from '../undo/undo.js';

/**
 * What happened, in the words of the engine. The events of an execution, in the order of their positions, are its only
 * truth: the engine's own state, what `GET /v1/executions/{id}` answers and what the page shows are folds of them.
 */
export type ExecutionEvent =
  | { readonly kind: 'execution.created'; readonly execution: CreatedExecution }
  | { readonly kind: 'execution.started'; readonly runId: string }
  | { readonly kind: 'execution.finished'; readonly status: ExecutionStatus }
  | (OfAttempt & { readonly kind: 'stage.started'; readonly deadline: string })
  | (OfAttempt & { readonly kind: 'stage.lockGranted'; readonly deadline: string })
  | (OfAttempt & { readonly kind: 'stage.planned'; readonly plan: DeployPlan })
  | (OfAttempt & { readonly kind: 'stage.waiting'; readonly waitingFor: WaitingFor | null })
  | (OfAttempt & {
      readonly kind: 'stage.finished';
      readonly status: ExecutionStatus;
      readonly outputs: JsonObject;
      readonly error: ErrorRecord | null;
      readonly summary: StageSummary | null;
    })
  | (OfAttempt & {
      readonly kind: 'step.started';
      readonly stepId: string;
      readonly operation: string;
      readonly title: string;
    })
  | (OfAttempt & {
      readonly kind: 'step.finished';
      readonly stepId: string;
      readonly status: ExecutionStatus;
      readonly outputs: JsonObject;
      readonly error: ErrorRecord | null;
    })
  | (OfAttempt & { readonly kind: 'stage.targeted'; readonly target: TargetedServerGroup })
  | (OfAttempt & {
      readonly kind: 'analysis.finished';
      readonly analysis: AnalysisSummary;
      /** As `libs/canary` makes it: at most 64 KiB. The fold leaves it in the event. */
      readonly report: JsonObject;
    })
  | (OfAttempt & { readonly kind: 'judgment.requested'; readonly judgment: RequestedJudgment })
  | (OfAttempt & {
      readonly kind: 'judgment.given';
      readonly judgmentId: string;
      readonly given: GivenJudgment;
    })
  | (OfAttempt & { readonly kind: 'undo.recorded'; readonly entry: UndoEntry })
  | (OfAttempt & {
      readonly kind: 'undo.started';
      readonly cause: UndoCause;
      readonly error: ErrorRecord | null;
      /** Auto Scaling's words about the new server group, read while it was still there. */
      readonly scalingActivities: readonly ScalingActivityRecord[];
      /** What else was read of it then; absent where nothing had failed, or nothing could be read. */
      readonly evidence?: FailureEvidence;
    })
  | (OfAttempt & { readonly kind: 'undo.entryStarted'; readonly entryId: string })
  | (OfAttempt & {
      readonly kind: 'undo.entryFinished';
      readonly entryId: string;
      readonly status: 'done' | 'failed';
      readonly error: ErrorRecord | null;
      /** What a person should know although it is done: a change of somebody else that was left as it is. */
      readonly note?: string;
    })
  | (OfAttempt & { readonly kind: 'undo.dropped' })
  | (OfAttempt & { readonly kind: 'retry.accepted'; readonly request: AcceptedRetry })
  | { readonly kind: 'cancel.accepted'; readonly request: AcceptedCancel }
  | {
      readonly kind: 'attention.raised';
      readonly reason: string;
      readonly remaining: readonly RemainingStep[];
    }
  | { readonly kind: 'attention.cleared' }
  /** A person has chosen a way out: the execution is open again until that is done. */
  | { readonly kind: 'attention.resolving'; readonly resolution: AcceptedResolution }
  /** No worker can replay the run's history; with null: one can again. */
  | { readonly kind: 'engine.stalled'; readonly reason: string | null };

export type ExecutionEventKind = ExecutionEvent['kind'];

interface OfAttempt {
  readonly refId: string;
  /** 1 for the first; a retry makes the next one. In `retry.accepted`: the attempt that the retry will make. */
  readonly attempt: number;
}

/**
 * An event as it is written. `key` makes writing it twice harmless (`w:<generation>:<n>` from the workflow,
 * `p:<stage>:<attempt>:<n>` from an activity, `a:<n>` from the API); `at` is for people, the order is the position's.
 */
export interface EventRecord {
  readonly key: string;
  readonly at: string;
  readonly event: ExecutionEvent;
}

/** An event as it is read: `position` counts from 1 without gaps within its execution and is the SSE id. */
export interface StoredEvent extends EventRecord {
  readonly position: number;
  readonly generation: number;
}

export interface CreatedExecution {
  readonly executionId: string;
  readonly application: string;
  readonly pipelineName: string;
  /** Null for an inline definition. */
  readonly pipelineVersion: number | null;
  /** As claimed by the caller. */
  readonly createdBy: string;
  /** Its stages go to the head of the queues for locks (DESIGN D9), and why. Absent: they do not. */
  readonly urgent?: UrgentStart;
  readonly stages: readonly CreatedStage[];
}

/** Why an execution may overtake others that wait for a lock. */
export interface UrgentStart {
  readonly reason: string;
}

export interface CreatedStage {
  readonly refId: string;
  readonly name: string;
  readonly type: string;
  readonly requisiteStageRefIds: readonly string[];
}

/** What a running stage waits for, how far it is, when it looks next, and until when it waits (times ISO 8601). */
export interface WaitingFor {
  readonly reason:
    | 'lock'
    | 'healthy'
    | 'drained'
    | 'gone'
    | 'refresh'
    | 'time'
    | 'judgment'
    | 'canary';
  readonly message: string;
  readonly done: number | null;
  readonly wanted: number | null;
  readonly nextLookAt: string | null;
  readonly deadline: string | null;
  /** What a person can do about it now. */
  readonly actions?: readonly StageAction[];
}

/** D16: what a person sees when a stage went wrong. */
export interface StageSummary {
  /** AWS's own words where AWS refused or could not. */
  readonly failed: {
    readonly message: string;
    readonly call: string | null;
    readonly requestId: string | null;
  };
  /** Auto Scaling's activities of the new server group, newest first, kept although the group is gone. */
  readonly scalingActivities: readonly ScalingActivityRecord[];
  /** How its targets stood and whose consoles were kept; absent: nothing was read. */
  readonly evidence?: EvidenceSummary & { /** Where the texts are. */ readonly href: string };
  /** Read from AWS after the undo; null when AWS did not answer in time. */
  readonly serving: {
    readonly observedAt: string;
    readonly serverGroups: readonly ServingServerGroup[];
  } | null;
  readonly undone: readonly string[];
  readonly notUndone: readonly string[];
  readonly actions: readonly StageAction[];
}

export interface ScalingActivityRecord {
  readonly at: string;
  readonly status: string;
  readonly description: string;
  readonly message: string | null;
}

export interface ServingServerGroup {
  readonly serverGroup: string;
  readonly enabled: boolean;
  readonly healthy: number;
  readonly wanted: number;
  readonly healthyByZone: Readonly<Record<string, number>>;
  /** In the rules that divide requests among several target groups; absent where none does, null where they could not be read. */
  readonly weights?: readonly ServingWeight[] | null;
}

/** What a rule sends to a target group of a server group. */
export interface ServingWeight {
  /** Such as `default action of web/1`. */
  readonly rule: string;
  readonly targetGroup: string;
  readonly weight: number;
  /** Of the rule's requests, to a tenth. */
  readonly percent: number;
}

export interface StageAction {
  readonly label: string;
  readonly method: 'POST' | 'GET';
  readonly href: string;
  readonly effect: string;
  /** What to send, where something must be. */
  readonly body?: JsonObject;
}

export interface RemainingStep {
  readonly refId: string;
  readonly attempt: number;
  readonly title: string;
  readonly awsCommandLines: readonly string[];
}

/** A retry that was accepted: kept for the life of the execution, so that a repeat gets the recorded answer. */
export interface AcceptedRetry {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly by: string;
  readonly reason: string;
  /** The newer server group that the request accepted by name, if any. */
  readonly acceptedServerGroup: string | null;
}

/**
 * What becomes of the stages that run. `rollback`: they are stopped at once and undone. `stop`: they are stopped at once, what is
 * under way included, and left as they are. `finishStep`: each finishes the step that it is at, with its verification, begins
 * none after it, and is left as it is; one whose step fails or does not end by the stage's deadline is undone as without a
 * cancel. What only waits for a lock, for time or for a person's judgment is at no step and ends at once.
 */
export const cancelIntents = ['rollback', 'stop', 'finishStep'] as const;
export type CancelIntent = (typeof cancelIntents)[number];

export interface AcceptedCancel {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly by: string;
  readonly reason: string;
  readonly intent: CancelIntent;
  /** What will be undone, in order; empty unless the intent is `rollback`. */
  readonly steps: readonly string[];
  /** Steps in progress that `finishStep` lets end; absent for other intents. */
  readonly finishes?: readonly string[];
  /** When it is over at the latest, ISO 8601. */
  readonly latestEnd: string;
  /** How to take back the deploys that are finished and stay; absent: there are none. */
  readonly finishedDeploys?: readonly StageAction[];
}

/**
 * A person's way out of NEEDS_ATTENTION (DESIGN D8). `retryUndo`: what is left is undone again, and nothing else is done;
 * `repaired`: a person has finished it by hand, which AWS must show; `handOver`: things stay as they are. Each of them gives
 * the locks back of what is settled by it.
 */
export type AttentionResolution = 'retryUndo' | 'repaired' | 'handOver';

/** A way out that was accepted: kept for the life of the execution, so that a repeat gets the recorded answer. */
export interface AcceptedResolution {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly resolution: AttentionResolution;
  readonly by: string;
  readonly reason: string;
  /** What was left to undo, in the order in which it would be. */
  readonly steps: readonly string[];
  /** When it is over at the latest, ISO 8601. */
  readonly latestEnd: string;
}
