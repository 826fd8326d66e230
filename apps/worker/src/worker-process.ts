import { createAwsActivities, createRecordsActivities } from '@gennaker/activities';
import { createAws } from '@gennaker/aws';
import { createMetricsRegistry, systemClock, type Logger } from '@gennaker/platform';
import { openStore } from '@gennaker/store';
import type { Worker } from '@temporalio/worker';

import { countAwsCalls } from './aws-metrics.js';
import { startHealthServer } from './health-server.js';
import { createTaskQueueWorkers } from './task-queue-workers.js';
import { connectTemporal } from './temporal-connections.js';
import type { WorkerConfig } from './worker-config.js';

/** Connections to Postgres that one worker uses at most. */
const poolMax = 10;

/** How long a start waits for the API to bring the schema up. */
const schemaWaitMs = 300_000;

/** A worker that runs. */
export interface WorkerProcess {
  /** Resolves when every queue's worker has ended; rejects with what ended one of them. */
  readonly ended: Promise<void>;
  /** Takes nothing new, ends or hands over what runs within 30 s, closes everything. A second call does nothing. */
  stop(): Promise<void>;
}

/** Starts the worker: health first, then store, Temporal, AWS and the task queues. */
export async function startWorkerProcess(
  config: WorkerConfig,
  logger: Logger,
): Promise<WorkerProcess> {
  const metrics = createMetricsRegistry('worker');
  let workers: readonly Worker[] = [];
  let waitingFor: string | null = 'the schema of PostgreSQL';
  const health = await startHealthServer(
    { host: config.GENNAKER_WORKER_HOST, port: config.GENNAKER_WORKER_PORT },
    { metrics, missing: () => waitingFor ?? notPolling(workers) },
  );
  const store = openStore({ databaseUrl: config.DATABASE_URL, poolMax, logger });
  await store.awaitSchema(new Date(Date.now() + schemaWaitMs));
  waitingFor = 'Temporal';
  const temporal = await connectTemporal(config, logger);
  const aws = createAws({
    accounts: config.GENNAKER_ACCOUNTS,
    endpoint: config.AWS_ENDPOINT_URL,
    pollSeconds: config.GENNAKER_AWS_POLL_SECONDS,
    logger: { warn: (message, fields) => logger.warn(fields, message) },
    counter: countAwsCalls(metrics),
    liveWorkers: () => config.GENNAKER_WORKERS,
  });
  const { write, wait } = createAwsActivities({
    aws,
    names: store.names,
    history: store.history,
    progress: store.events,
    clock: systemClock,
    logger,
  });
  const records = createRecordsActivities({
    store,
    workflows: temporal.client.workflow,
    clock: systemClock,
    logger,
  });
  workers = await createTaskQueueWorkers(config, temporal, { records, write, wait });
  waitingFor = null;
  const ended = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  const stop = async (): Promise<void> => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended.catch((error: unknown) => logger.error({ err: error }, 'a worker ended badly'));
    aws.close();
    await temporal.close();
    await store.close();
    health.close();
  };
  return { ended, stop };
}

function notPolling(workers: readonly Worker[]): string | null {
  const stopped = workers.find((worker) => worker.getState() !== 'RUNNING');
  return stopped === undefined ? null : `task queue ${stopped.options.taskQueue}`;
}
