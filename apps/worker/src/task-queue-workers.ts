import { createLeaseHeartbeat, createLeaseInterceptor } from '@gennaker/activities';
import { taskQueues } from '@gennaker/contract/wire';
import type {
  AwsWaitActivities,
  AwsWriteActivities,
  RecordsActivities,
} from '@gennaker/contract/wire';
import { Worker, type WorkerOptions } from '@temporalio/worker';

import type { TemporalConnections } from './temporal-connections.js';
import type { WorkerConfig } from './worker-config.js';
import { workflowBundlePath } from './workflow-bundle.js';

/** Slots of each queue (DESIGN D17): waits never take a slot that an undo needs. */
const slots = { engine: 100, records: 100, awsWrite: 100, awsWait: 2_000 } as const;

/** A worker takes nothing new after SIGTERM, and ends or hands over what runs within this time. */
const shutdownGrace = '10s';
const shutdownForce = '30s';

export interface QueueActivities {
  readonly records: RecordsActivities;
  readonly write: AwsWriteActivities;
  readonly wait: AwsWaitActivities;
}

/** One worker a task queue, all on one connection; every activity runs under a lease. */
export async function createTaskQueueWorkers(
  config: WorkerConfig,
  { native, client }: TemporalConnections,
  activities: QueueActivities,
): Promise<readonly Worker[]> {
  const lease = createLeaseInterceptor({ heartbeat: createLeaseHeartbeat(client) });
  const shared = {
    connection: native,
    namespace: config.TEMPORAL_NAMESPACE,
    shutdownGraceTime: shutdownGrace,
    shutdownForceTime: shutdownForce,
    maxHeartbeatThrottleInterval: '2s',
  } satisfies Partial<WorkerOptions>;
  const activityWorker = (taskQueue: string, made: object, size: number) =>
    Worker.create({
      ...shared,
      taskQueue,
      activities: { ...made },
      interceptors: { activity: [lease] },
      maxConcurrentActivityTaskExecutions: size,
    });
  return await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: taskQueues.engine,
      workflowBundle: { codePath: workflowBundlePath },
      maxCachedWorkflows: config.GENNAKER_CACHED_WORKFLOWS,
      maxConcurrentWorkflowTaskExecutions: slots.engine,
      stickyQueueScheduleToStartTimeout: '2s',
    }),
    activityWorker(taskQueues.records, activities.records, slots.records),
    activityWorker(taskQueues.awsWrite, activities.write, slots.awsWrite),
    activityWorker(taskQueues.awsWait, activities.wait, slots.awsWait),
  ]);
}
