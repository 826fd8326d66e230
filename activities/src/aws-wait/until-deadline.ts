import type { Clock } from '@gennaker/platform';
import { currentLease } from '../lease/lease-interceptor.js';

/** setTimeout's own bound. */
const timerMsMax = 2 ** 31 - 1;

/**
 * Runs a wait until its deadline (ISO 8601, our clock): `work` gets a signal that aborts then, and also when the activity
 * is cancelled, whose reason is thrown as it is. When the deadline ends it, throws what `timedOut` gives.
 */
export async function untilDeadline<T>(
  { deadline, clock }: { readonly deadline: string; readonly clock: Clock },
  work: (signal: AbortSignal) => Promise<T>,
  timedOut: () => Promise<Error>,
): Promise<T> {
  const passed = new AbortController();
  const leftMs = Date.parse(deadline) - clock.now().getTime();
  const timer = setTimeout(() => passed.abort(), Math.min(Math.max(0, leftMs), timerMsMax));
  const { signal } = currentLease();
  try {
    return await work(AbortSignal.any([signal, passed.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (passed.signal.aborted) throw await timedOut();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
