import type {
  AwsWaitActivities,
  AwsWriteActivities,
  RecordsActivities,
} from '@gennaker/contract/wire';
import { taskQueues } from '@gennaker/contract/wire';
import {
  ActivityCancellationType,
  proxyActivities,
  type ActivityOptions,
} from '@temporalio/workflow';

/**
 * Activity options by retry personality. Every activity heartbeats (an interceptor of the worker does it), so that one
 * whose worker died is given to another after three seconds; retries have no count, their deadline ends them.
 */
const heartbeatTimeout = '3s';
const deadlineSlackMs = 60_000;
const retry = { initialInterval: '300ms', backoffCoefficient: 2, maximumInterval: '5s' };

/** A write to the store has bounds of its own of ten seconds; this is for a worker that hangs. */
const recordsOptions: ActivityOptions = {
  taskQueue: taskQueues.records,
  startToCloseTimeout: '20s',
  heartbeatTimeout,
  retry,
  // A lock request that is given up must have ended before the lock is given back, or it would be asked for afterwards.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** The event log and the locks: retried for as long as it takes. */
export const records = proxyActivities<RecordsActivities>(recordsOptions);

/** Short AWS reads and changes, until `deadlineMs` (epoch) and a little: the stage's own deadline comes first. */
export function awsWrites(deadlineMs: number) {
  return awsReadsWithin(untilMs(deadlineMs));
}

/** The same, given up after `milliseconds`: for what a report can do without. */
export function awsReadsWithin(milliseconds: number) {
  return proxyActivities<AwsWriteActivities>({
    taskQueue: taskQueues.awsWrite,
    startToCloseTimeout: '2m',
    scheduleToCloseTimeout: milliseconds,
    heartbeatTimeout,
    retry,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

/** Waits on AWS until `deadlineMs` (epoch). */
export function awsWaits(deadlineMs: number) {
  return proxyActivities<AwsWaitActivities>({
    taskQueue: taskQueues.awsWait,
    startToCloseTimeout: untilMs(deadlineMs),
    scheduleToCloseTimeout: untilMs(deadlineMs),
    heartbeatTimeout,
    retry,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

function untilMs(deadlineMs: number): number {
  return Math.max(1_000, deadlineMs - Date.now() + deadlineSlackMs);
}
