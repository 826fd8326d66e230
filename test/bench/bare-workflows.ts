import { proxyActivities } from '@temporalio/workflow';

/** What is compared with: the shortest Temporal workflow that calls the same activity so many times in sequence. */
export async function bareWorkflow(input: {
  readonly times: number;
  readonly taskQueue: string;
  readonly activityInput: unknown;
}): Promise<void> {
  const { findImage } = proxyActivities<{ findImage(given: unknown): Promise<unknown> }>({
    taskQueue: input.taskQueue,
    startToCloseTimeout: '2m',
    heartbeatTimeout: '3s',
    retry: { initialInterval: '300ms', backoffCoefficient: 2, maximumInterval: '5s' },
  });
  for (let done = 0; done < input.times; done += 1) await findImage(input.activityInput);
}
