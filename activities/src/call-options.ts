import type { CallOptions, CallPriority } from '@gennaker/aws';
import { currentLease } from './lease/lease-interceptor.js';

/** How a running activity reads from AWS: it stops when the activity is cancelled. */
export function reading(priority: CallPriority): CallOptions {
  return { priority, signal: currentLease().signal };
}

/**
 * How it writes: only while its lease holds; a write that has left gets a grace period to come to its end. Waits for the
 * first acknowledged heartbeat; throws LEASE_LOST, or the cancellation.
 */
export async function writing(priority: CallPriority): Promise<CallOptions> {
  const lease = currentLease();
  await lease.held();
  return { priority, signal: lease.writeSignal, mayWrite: lease.mayWrite };
}
