import {
  clusterLockWorkflowId,
  ruleLockWorkflowId,
  type LockGrantedSignal,
} from '@gennaker/contract/wire';
import {
  clusterLockOf,
  findStage,
  isoTime,
  isPassed,
  latestAttempt,
  lockTicket,
  remainingSteps,
  ruleLocksOf,
  ruleName,
  type StageAction,
  type StageSpec,
} from '@gennaker/domain';
import { condition, getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { releaseLockSignal } from './messages.js';
import { records } from './proxies.js';
import { AttemptContext } from './attempt-context.js';
import type { Run } from './run.js';

/** A lock of a stage, by the workflow that keeps it. */
export interface StageLock {
  readonly workflowId: string;
  /** What is locked in words, where it is not the cluster; null for that. */
  readonly title: string | null;
}

/** The cluster's and those of its listener rules, in the one order in which everybody takes them. */
export function locksOf(application: string, spec: StageSpec): readonly StageLock[] {
  const cluster = clusterLockOf(application, spec);
  const locks = [
    ...(cluster === null ? [] : [{ workflowId: clusterLockWorkflowId(cluster), title: null }]),
    ...ruleLocksOf(spec).map((rule) => ({
      workflowId: ruleLockWorkflowId(rule),
      title: ruleName(rule.arn),
    })),
  ];
  return locks.toSorted((one, other) => (one.workflowId < other.workflowId ? -1 : 1));
}

/**
 * Waits until each lock is granted to this attempt, one after the other, saying who holds it and how many are before. Throws
 * the scope's cancellation. The claims stay queued until {@link releaseLocks}.
 */
export async function acquireLocks(
  context: AttemptContext,
  locks: readonly StageLock[],
): Promise<void> {
  for (const lock of locks) await acquire(context, lock);
}

async function acquire(
  context: AttemptContext,
  { workflowId: resource, title }: StageLock,
): Promise<void> {
  const { run, refId } = context;
  const ticket = lockTicket(run.generation, context.attempt);
  const grant = { resource, claim: refId, ticket };
  await records.requestLock({
    ...grant,
    lockWorkflowId: resource,
    executionId: run.executionId,
    ...(run.state.urgent !== undefined && { urgent: true }),
  });
  const forWhat = title === null ? '' : ` for the ${title}`;
  while (!run.locks.isGranted(grant)) {
    const seen = run.locks.version;
    const place = run.locks.place(grant);
    if (place !== undefined) {
      context.waiting({
        reason: 'lock',
        message: `waiting for execution ${place.holderExecutionId}, number ${place.place} in line${forWhat}`,
        done: null,
        wanted: null,
        nextLookAt: null,
        deadline: isoTime(context.deadlineMs()),
        ...(run.state.urgent !== undefined && { actions: [cancelOf(place.holderExecutionId)] }),
      });
    }
    await condition(() => run.locks.isGranted(grant) || run.locks.version !== seen);
  }
}

/** For who is in a hurry: the holder is never passed, but it can be asked to go. */
function cancelOf(holderExecutionId: string): StageAction {
  return {
    label: 'Cancel the execution that holds the lock',
    method: 'POST',
    href: `/v1/executions/${holderExecutionId}/cancel`,
    effect: 'Its unfinished stages are undone, then this stage has the lock.',
  };
}

/** Gives the locks, or the places in their queues, back, the last one first. Harmless when none is held. */
export async function releaseLocks(
  context: AttemptContext,
  locks: readonly StageLock[],
): Promise<void> {
  const { run, refId, attempt } = context;
  const ticket = lockTicket(run.generation, attempt);
  for (const { workflowId } of locks.toReversed()) {
    await release(run, { resource: workflowId, claim: refId, ticket });
  }
}

/** Gives back what ended stages hold still, but for those that have something left to undo. Harmless when they hold none. */
export async function releaseSettledLocks(run: Run): Promise<void> {
  const unsettled = new Set(remainingSteps(run.state).map((step) => step.refId));
  for (const stage of run.state.stages) {
    const attempt = latestAttempt(stage);
    const isOver = stage.status !== 'RUNNING' && !isPassed(stage.status);
    if (attempt === undefined || !isOver || unsettled.has(stage.refId)) continue;
    const locks = locksOf(run.pipeline.application, run.spec(stage.refId));
    if (locks.length === 0) continue;
    await releaseLocks(new AttemptContext(run, stage.refId, attempt.attempt), locks);
  }
}

/**
 * Gives back, for as long as the run lives, what is granted after its stage has ended: an asking that arrived late, or
 * twice. Otherwise nobody would ever release it.
 */
export async function returnStrayGrants(run: Run): Promise<void> {
  for (;;) {
    await condition(() => run.locks.hasUnseen);
    const grant = run.locks.nextUnseen();
    if (grant === undefined || isNeeded(run, grant)) continue;
    log.warn('a lock was granted that nobody waits for', { resource: grant.resource });
    run.locks.returning += 1;
    await release(run, grant);
    run.locks.returning -= 1;
  }
}

/** The stage works, or somebody has to finish its undo. */
function isNeeded(run: Run, { claim }: LockGrantedSignal): boolean {
  if (findStage(run.state, claim)?.status === 'RUNNING') return true;
  return remainingSteps(run.state).some((step) => step.refId === claim);
}

async function release(run: Run, { resource, claim, ticket }: LockGrantedSignal): Promise<void> {
  const { executionId } = run;
  try {
    const lock = getExternalWorkflowHandle(resource);
    await lock.signal(releaseLockSignal, { executionId, claim, ticket });
  } catch (error) {
    log.info('the lock is no longer there', { resource, error: String(error) });
  }
}
