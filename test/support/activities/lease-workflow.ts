import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';

/** What the test's worker offers. */
export interface LeaseProbe {
  /** Takes the lease and stays until it ends; says why. */
  stay(): Promise<string>;
}

const { stay } = proxyActivities<LeaseProbe>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: '3s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Runs the activity and cancels it after a second; `cancelled` when it ended as a cancelled activity does. */
export async function cancelAfterASecond(): Promise<string> {
  try {
    return await CancellationScope.cancellable(async () => {
      const staying = stay();
      await sleep('1s');
      CancellationScope.current().cancel();
      return await staying;
    });
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    throw error;
  }
}

/** Runs the activity for as long as it wants. */
export async function keepIt(): Promise<string> {
  return await stay();
}
