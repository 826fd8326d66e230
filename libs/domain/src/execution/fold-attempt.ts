import type { AnalysisSummary } from '../canary/canary-analysis.js';
import type { ExecutionEvent } from './execution-event.js';
import type { AttemptState, StepState, UndoState } from './execution-state.js';
import type { JudgmentState } from '../requests/judgment.js';
import { evidenceSummary } from './failure-evidence.js';
import { isComplete } from './status.js';

/** The attempt after one more event about it. An attempt that has ended takes only what its late undo reports. */
export function foldAttempt(
  attempt: AttemptState,
  event: ExecutionEvent,
  at: string,
): AttemptState {
  if (event.kind.startsWith('undo.')) return foldUndo(attempt, event);
  if (isComplete(attempt.status)) return attempt;
  switch (event.kind) {
    case 'stage.lockGranted':
      return { ...attempt, lockGranted: true, waitingFor: null, deadline: event.deadline };
    case 'stage.planned':
      return { ...attempt, plan: event.plan };
    case 'stage.waiting':
      return { ...attempt, waitingFor: event.waitingFor };
    case 'stage.targeted':
      return { ...attempt, targeted: attempt.targeted ?? event.target };
    case 'analysis.finished':
      return { ...attempt, analyses: withAnalysis(attempt.analyses ?? [], event.analysis) };
    case 'judgment.requested':
      return { ...attempt, judgments: askJudgment(attempt.judgments ?? [], event) };
    case 'judgment.given':
      return {
        ...attempt,
        waitingFor: null,
        judgments: giveJudgment(attempt.judgments ?? [], event),
      };
    case 'step.started':
      return { ...attempt, steps: startStep(attempt.steps, event, at) };
    case 'step.finished':
      return { ...attempt, waitingFor: null, steps: finishStep(attempt.steps, event, at) };
    case 'stage.finished':
      return {
        ...attempt,
        status: event.status,
        endedAt: at,
        waitingFor: null,
        outputs: event.outputs,
        error: event.error,
        summary: event.summary,
        steps: attempt.steps.map((step) =>
          isComplete(step.status) ? step : { ...step, status: 'CANCELED', endedAt: at },
        ),
      };
    default:
      return attempt;
  }
}

function foldUndo(attempt: AttemptState, event: ExecutionEvent): AttemptState {
  switch (event.kind) {
    case 'undo.recorded':
      // A step that ended after its stage's undo had begun starts no change any more: there is nothing of it to undo.
      if (attempt.undoing !== null || isComplete(attempt.status)) return attempt;
      if (attempt.undo.some((undo) => undo.entry.id === event.entry.id)) return attempt;
      return {
        ...attempt,
        undo: [...attempt.undo, { entry: event.entry, status: 'pending', error: null }],
      };
    case 'undo.started':
      return {
        ...attempt,
        undoing: {
          cause: event.cause,
          error: event.error,
          scalingActivities: event.scalingActivities,
          ...(event.evidence !== undefined && { evidence: evidenceSummary(event.evidence) }),
        },
      };
    case 'undo.entryStarted':
      return { ...attempt, waitingFor: null };
    case 'undo.entryFinished':
      return {
        ...attempt,
        waitingFor: null,
        undo: attempt.undo.map((undo) =>
          undo.entry.id === event.entryId
            ? {
                entry: undo.entry,
                status: event.status,
                error: event.error,
                ...(event.note === undefined ? {} : { note: event.note }),
              }
            : undo,
        ),
      };
    case 'undo.dropped':
      return { ...attempt, undo: attempt.undo.map(dropped) };
    default:
      return attempt;
  }
}

function withAnalysis(
  analyses: readonly AnalysisSummary[],
  analysis: AnalysisSummary,
): readonly AnalysisSummary[] {
  const isKnown = analyses.some((known) => known.analysisId === analysis.analysisId);
  return isKnown ? analyses : [...analyses, analysis];
}

function askJudgment(
  judgments: readonly JudgmentState[],
  { judgment }: Extract<ExecutionEvent, { kind: 'judgment.requested' }>,
): readonly JudgmentState[] {
  if (judgments.some((known) => known.judgmentId === judgment.judgmentId)) return judgments;
  return [...judgments, { ...judgment, given: null }];
}

function giveJudgment(
  judgments: readonly JudgmentState[],
  { judgmentId, given }: Extract<ExecutionEvent, { kind: 'judgment.given' }>,
): readonly JudgmentState[] {
  return judgments.map((known) =>
    known.judgmentId === judgmentId && known.given === null ? { ...known, given } : known,
  );
}

function dropped(undo: UndoState): UndoState {
  return undo.status === 'done' ? undo : { ...undo, status: 'dropped' };
}

function startStep(
  steps: readonly StepState[],
  event: Extract<ExecutionEvent, { kind: 'step.started' }>,
  at: string,
): readonly StepState[] {
  if (steps.some((step) => step.stepId === event.stepId)) return steps;
  return [
    ...steps,
    {
      stepId: event.stepId,
      operation: event.operation,
      title: event.title,
      status: 'RUNNING',
      startedAt: at,
      endedAt: null,
      outputs: {},
      error: null,
    },
  ];
}

function finishStep(
  steps: readonly StepState[],
  event: Extract<ExecutionEvent, { kind: 'step.finished' }>,
  at: string,
): readonly StepState[] {
  return steps.map((step) =>
    step.stepId === event.stepId && !isComplete(step.status)
      ? {
          ...step,
          status: event.status,
          endedAt: at,
          outputs: event.outputs,
          error: event.error,
        }
      : step,
  );
}
