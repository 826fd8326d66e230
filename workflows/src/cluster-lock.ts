import { clusterLockWorkflowId } from '@gennaker/contract/wire';
import { isoTime, type ClusterRef } from '@gennaker/domain';
import { condition, getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { releaseLockSignal } from './messages.js';
import { records } from './proxies.js';
import type { AttemptContext } from './attempt-context.js';

/**
 * Waits until the lock of the cluster is granted to this attempt, saying who holds it and how many are before. Throws the
 * scope's cancellation. The claim stays queued until {@link releaseClusterLock}.
 */
export async function acquireClusterLock(
  context: AttemptContext,
  cluster: ClusterRef,
): Promise<void> {
  const { run, refId } = context;
  const resource = clusterLockWorkflowId(cluster);
  const ticket = `${run.generation}:${context.attempt}`;
  const grant = { resource, claim: refId, ticket };
  await records.requestLock({
    ...grant,
    lockWorkflowId: resource,
    executionId: run.executionId,
  });
  while (!run.locks.isGranted(grant)) {
    const seen = run.locks.version;
    const place = run.locks.place(grant);
    if (place !== undefined) {
      context.waiting({
        reason: 'lock',
        message: `waiting for execution ${place.holderExecutionId}, number ${place.place} in line`,
        done: null,
        wanted: null,
        nextLookAt: null,
        deadline: isoTime(context.deadlineMs()),
      });
    }
    await condition(() => run.locks.isGranted(grant) || run.locks.version !== seen);
  }
}

/** Gives the lock, or the place in the queue, back. Harmless when neither is held. */
export async function releaseClusterLock(
  context: AttemptContext,
  cluster: ClusterRef,
): Promise<void> {
  const { run, refId } = context;
  const resource = clusterLockWorkflowId(cluster);
  try {
    await getExternalWorkflowHandle(resource).signal(releaseLockSignal, {
      executionId: run.executionId,
      claim: refId,
    });
  } catch (error) {
    log.info('the lock is no longer there', { resource, error: String(error) });
  }
}
