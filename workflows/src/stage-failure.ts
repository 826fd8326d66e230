import {
  clusterLockOf,
  leftoverRollback,
  stageSummary,
  type ErrorRecord,
  type StageSpec,
  type UndoCause,
} from '@gennaker/domain';
import type { ServingReport } from '@gennaker/contract/wire';
import { sleep } from '@temporalio/workflow';
import { raiseAttention } from './attention.js';
import type { AttemptContext } from './attempt-context.js';
import { evidenceMs, keptEvidence, orElse } from './evidence.js';
import { errorRecordOf } from './failures.js';
import { awsReadsWithin } from './proxies.js';
import { undoAttempt } from './undo-runner.js';

/** How long a call whose reply nobody will see may still be under way: the AWS request timeout (DESIGN D9). */
const callInFlightMs = 15_000;

/** Why a stage did not succeed; the error is null where the engine itself ended it. */
export interface StageEnd {
  readonly cause: UndoCause;
  readonly error: unknown;
}

/**
 * Ends a stage that did not succeed: keeps Auto Scaling's own words, undoes what is recorded, reads what serves now, and
 * reports it (D16). With cancel intent `stop` nothing is undone, nor is a stage that `finishStep` has ended between two steps. What
 * could not be undone raises NEEDS_ATTENTION.
 */
export async function finishFailedStage(
  context: AttemptContext,
  spec: StageSpec,
  end: StageEnd,
): Promise<void> {
  const { run, identity, attempt } = context;
  const mayLeave = context.state.undoing === null && isBetweenSteps(context, end);
  if (context.state.undoing === null) await beginUndo(context, end);
  const { undoing, undo } = context.state;
  const error = undoing?.error ?? errorOf(context, end);
  const leaves = mayLeave && isBetweenSteps(context, end);
  // Dropped before anything is awaited: a rollback that is asked for from now on has nothing to promise.
  if (leaves) run.emit({ kind: 'undo.dropped', ...identity });
  const outcome = leaves ? 'stopped' : await undoAttempt(context, attempt);
  if (outcome === 'handover') return;
  if (outcome === 'stuck') raiseAttention(run);
  const seen = await serving(context, spec);
  const { application } = run.pipeline;
  const { plan } = context.state;
  const summary = stageSummary({
    executionId: run.executionId,
    ...identity,
    error,
    scalingActivities: undoing?.scalingActivities ?? [],
    evidence: undoing?.evidence,
    serving: seen,
    undo: leaves ? undo : context.state.undo,
    // While the undo is not finished the cluster is locked: only that can go on.
    rollback:
      outcome === 'stuck' ? null : leftoverRollback(application, plan, seen?.serverGroups ?? []),
  });
  if (outcome !== 'stuck' && !leaves) run.emit({ kind: 'undo.dropped', ...identity });
  run.emit({
    kind: 'stage.finished',
    ...identity,
    status: undoing?.cause === 'cancel' ? 'CANCELED' : 'TERMINAL',
    outputs: {},
    error,
    summary,
  });
}

/** Ended by `finishStep`, which ends a stage where it stands and nowhere else. */
function isBetweenSteps({ run }: AttemptContext, { cause }: StageEnd): boolean {
  return cause === 'cancel' && run.state.cancel?.intent === 'finishStep';
}

async function beginUndo(context: AttemptContext, end: StageEnd): Promise<void> {
  if (context.lastCallUnknown) await sleep(callInFlightMs);
  const error = errorOf(context, end);
  const cause = error.code === 'STAGE_TIMEOUT' ? 'timeout' : end.cause;
  const kept = await keptEvidence(context, cause);
  context.run.emit({ kind: 'undo.started', ...context.identity, cause, error, ...kept });
}

function errorOf(context: AttemptContext, end: StageEnd): ErrorRecord {
  if (end.error !== null) return errorRecordOf(end.error);
  const doing = context.state.waitingFor?.message ?? runningStepTitle(context) ?? 'starting';
  if (end.cause === 'timeout') {
    return {
      code: 'STAGE_TIMEOUT',
      message: `the stage did not finish by its deadline ${context.state.deadline}; it was at: ${doing}`,
      details: { deadline: context.state.deadline },
    };
  }
  const by = context.run.state.cancel?.by ?? 'the failure of another stage';
  const last = context.state.steps.findLast(({ status }) => status === 'SUCCEEDED');
  if (context.run.state.cancel?.intent === 'finishStep' && last !== undefined) {
    const message = `stopped by ${by} after: ${last.title}; no step was begun after it`;
    return { code: 'EXECUTION_CANCELING', message, details: { lastStep: last.stepId } };
  }
  return { code: 'EXECUTION_CANCELING', message: `cancelled by ${by} at: ${doing}`, details: {} };
}

function runningStepTitle(context: AttemptContext): string | undefined {
  return context.state.steps.findLast((step) => step.status === 'RUNNING')?.title;
}

async function serving(context: AttemptContext, spec: StageSpec): Promise<ServingReport | null> {
  const cluster = clusterLockOf(context.run.pipeline.application, spec);
  const { plan, targeted } = context.state;
  if (cluster === null || (plan === null && targeted === undefined)) return null;
  return await orElse(null, () =>
    awsReadsWithin(evidenceMs).readServing({ cluster, priority: 'undo' }),
  );
}
