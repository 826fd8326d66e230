import type {
  AcceptedResolution,
  CreatedExecution,
  EventRecord,
  ExecutionEvent,
} from './execution-event.js';
import type { AttemptState, ExecutionState, StageState } from './execution-state.js';
import { foldAttempt } from './fold-attempt.js';
import { isComplete, type ExecutionStatus } from './status.js';

/**
 * The state after one more event. Pure and total: an event about an attempt that has ended, or about a stage that is not
 * there, changes nothing. The first event must be `execution.created`; `state` is null before it.
 */
export function foldExecution(state: ExecutionState | null, record: EventRecord): ExecutionState {
  const { event, at } = record;
  if (event.kind === 'execution.created') return state ?? created(event.execution, at);
  if (state === null) throw new Error(`event ${event.kind} before execution.created`);
  if ('refId' in event) return foldStageEvent(state, event, at);
  switch (event.kind) {
    case 'execution.started':
      return {
        ...state,
        status: 'RUNNING',
        startedAt: state.startedAt ?? at,
        endedAt: null,
        engineStalled: null,
      };
    case 'execution.finished':
      return finished(state, event.status, at);
    case 'cancel.accepted':
      return {
        ...state,
        cancel: event.request,
        acceptedCancels: [...state.acceptedCancels, event.request],
      };
    case 'attention.raised':
      return { ...state, needsAttention: { reason: event.reason, remaining: event.remaining } };
    case 'attention.cleared':
      return { ...state, needsAttention: null };
    case 'attention.resolving':
      return resolving(state, event.resolution);
    case 'engine.stalled':
      return { ...state, engineStalled: event.reason };
  }
}

/** The state after all events, in the order of their positions; null without any. */
export function foldExecutionEvents(records: readonly EventRecord[]): ExecutionState | null {
  return records.reduce<ExecutionState | null>(foldExecution, null);
}

/** What was open only for a way out of NEEDS_ATTENTION has the cancel again that was in force before. */
function finished(state: ExecutionState, status: ExecutionStatus, at: string): ExecutionState {
  const { resolving: settled, ...rest } = state;
  const cancel = settled === undefined ? state.cancel : settled.cancel;
  return { ...rest, status, endedAt: at, cancel };
}

function resolving(state: ExecutionState, resolution: AcceptedResolution): ExecutionState {
  return {
    ...state,
    status: 'RUNNING',
    endedAt: null,
    cancel: null,
    attentionResolutions: [...(state.attentionResolutions ?? []), resolution],
    resolving: { resolution: resolution.resolution, endsAs: state.status, cancel: state.cancel },
  };
}

type StageEvent = Extract<ExecutionEvent, { readonly refId: string }>;

function foldStageEvent(state: ExecutionState, event: StageEvent, at: string): ExecutionState {
  const stage = state.stages.find((candidate) => candidate.refId === event.refId);
  if (stage === undefined) return state;
  switch (event.kind) {
    case 'stage.started':
      return withStage(state, startAttempt(stage, event, at));
    case 'retry.accepted':
      return reopened(state, event);
    case 'stage.finished':
      return withStage(state, {
        ...withAttempt(stage, event, at),
        status: isCurrent(stage, event.attempt) ? event.status : stage.status,
      });
    default:
      return withStage(state, withAttempt(stage, event, at));
  }
}

function created(execution: CreatedExecution, at: string): ExecutionState {
  const { stages, ...rest } = execution;
  return {
    ...rest,
    createdAt: at,
    startedAt: null,
    endedAt: null,
    status: 'NOT_STARTED',
    needsAttention: null,
    engineStalled: null,
    cancel: null,
    stages: stages.map((stage) => ({ ...stage, status: 'NOT_STARTED', attempts: [] })),
    acceptedRetries: [],
    acceptedCancels: [],
  };
}

function startAttempt(
  stage: StageState,
  event: Extract<StageEvent, { kind: 'stage.started' }>,
  at: string,
): StageState {
  if (stage.attempts.some((attempt) => attempt.attempt === event.attempt)) return stage;
  const attempt: AttemptState = {
    attempt: event.attempt,
    status: 'RUNNING',
    startedAt: at,
    endedAt: null,
    deadline: event.deadline,
    waitingFor: null,
    plan: null,
    steps: [],
    lockGranted: false,
    undoing: null,
    undo: [],
    outputs: {},
    error: null,
    summary: null,
  };
  return { ...stage, status: 'RUNNING', attempts: [...stage.attempts, attempt] };
}

/** A retry sets its stage and the completed ones downstream back; their attempts are kept. */
function reopened(
  state: ExecutionState,
  event: Extract<StageEvent, { kind: 'retry.accepted' }>,
): ExecutionState {
  const affected = new Set([event.refId, ...downstreamRefIds(state.stages, event.refId)]);
  return {
    ...state,
    status: 'RUNNING',
    endedAt: null,
    cancel: null,
    acceptedRetries: [
      ...state.acceptedRetries,
      { ...event.request, refId: event.refId, attempt: event.attempt },
    ],
    stages: state.stages.map((stage) =>
      affected.has(stage.refId) && isComplete(stage.status)
        ? { ...stage, status: 'NOT_STARTED' }
        : stage,
    ),
  };
}

/** All stages that come after the given one, directly or through others. */
export function downstreamRefIds(
  stages: readonly { refId: string; requisiteStageRefIds: readonly string[] }[],
  refId: string,
): readonly string[] {
  const found = new Set<string>();
  const open = [refId];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const stage of stages) {
      if (stage.requisiteStageRefIds.includes(current) && !found.has(stage.refId)) {
        found.add(stage.refId);
        open.push(stage.refId);
      }
    }
  }
  return [...found];
}

function withStage(state: ExecutionState, changed: StageState): ExecutionState {
  return {
    ...state,
    stages: state.stages.map((stage) => (stage.refId === changed.refId ? changed : stage)),
  };
}

function withAttempt(stage: StageState, event: StageEvent, at: string): StageState {
  return {
    ...stage,
    attempts: stage.attempts.map((attempt) =>
      attempt.attempt === event.attempt ? foldAttempt(attempt, event, at) : attempt,
    ),
  };
}

function isCurrent(stage: StageState, attempt: number): boolean {
  return stage.attempts.at(-1)?.attempt === attempt && stage.status === 'RUNNING';
}
