import { CancelledFailure, Context } from '@temporalio/activity';
import { ActivityLease, systemLeaseClock, type LeaseClock } from './activity-lease.js';
import type { LeaseHeartbeat } from './lease-heartbeat.js';
import { deferred } from '../observe/deferred.js';

export interface LeaseInterceptorOptions {
  readonly heartbeat: LeaseHeartbeat;
  readonly clock?: LeaseClock;
}

/** What the worker's `interceptors.activity` takes, without the worker package. */
export interface LeaseInterceptors {
  readonly inbound: {
    execute<Input>(input: Input, next: (input: Input) => Promise<unknown>): Promise<unknown>;
  };
}

/** Where the workflow set none (it always does). */
const defaultHeartbeatTimeoutMs = 3_000;
/** How long an activity that already knows of its cancellation waits for the SDK to learn of it. */
const cancellationWaitMs = 3_000;
const sdkHeartbeatMs = 1_000;

const leases = new WeakMap<Context, ActivityLease>();

/**
 * The inbound interceptor for every activity of a worker: the SDK's heartbeat each second (it throttles by itself), and the
 * lease of the running activity, which `currentLease` gives.
 */
export function createLeaseInterceptor(
  options: LeaseInterceptorOptions,
): (context: Context) => LeaseInterceptors {
  return (context) => ({
    inbound: { execute: (input, next) => underLease(context, options, () => next(input)) },
  });
}

/** The lease of the activity that runs here. Throws where no lease interceptor was installed. */
export function currentLease(): ActivityLease {
  const lease = leases.get(Context.current());
  if (lease === undefined) throw new Error('The activity runs without the lease interceptor');
  return lease;
}

async function underLease(
  context: Context,
  options: LeaseInterceptorOptions,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const lease = new ActivityLease({
    taskToken: context.info.taskToken,
    heartbeatTimeoutMs: context.info.heartbeatTimeoutMs ?? defaultHeartbeatTimeoutMs,
    heartbeat: options.heartbeat,
    clock: options.clock ?? systemLeaseClock,
    cancellation: context.cancellationSignal,
  });
  leases.set(context, lease);
  const timer = setInterval(() => context.heartbeat(), sdkHeartbeatMs);
  try {
    return await work();
  } catch (error) {
    if (error instanceof CancelledFailure && lease.cancelRequested) await sdkKnows(context);
    throw error;
  } finally {
    clearInterval(timer);
    lease.close();
  }
}

/** An activity counts as cancelled only if the SDK has heard of it too; the lease may be first by a second or two. */
async function sdkKnows(context: Context): Promise<void> {
  if (context.cancellationSignal.aborted) return;
  context.heartbeat();
  const { promise, resolve } = deferred<null>();
  const timer = setTimeout(() => resolve(null), cancellationWaitMs);
  context.cancellationSignal.addEventListener('abort', () => resolve(null), { once: true });
  await promise;
  clearTimeout(timer);
}
