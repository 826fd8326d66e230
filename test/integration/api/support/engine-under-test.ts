import { createRecordsActivities, withFailureMapping } from '@gennaker/activities';
import { taskQueues } from '@gennaker/contract/wire';
import { createLogger, systemClock } from '@gennaker/platform';
import { workflowBundlePath } from '@gennaker/worker';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { ScriptedAws } from '../../../support/engine/scripted-aws.js';
import type { ApiUnderTest } from './api-under-test.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** The real workflows and records, on the store and the namespace of an API, with a scripted AWS. */
export interface EngineUnderTest {
  readonly aws: ScriptedAws;
  readonly client: Client;
  readonly stop: () => Promise<void>;
}

/** Starts the workers of all queues. */
export async function startEngine(
  { store, temporal }: Pick<ApiUnderTest, 'store' | 'temporal'>,
  aws = new ScriptedAws(),
): Promise<EngineUnderTest> {
  const { address, namespace } = temporal;
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const connection = await NativeConnection.connect({ address });
  const shared = { connection, namespace };
  const logger = createLogger({ name: 'worker', level: 'error' });
  const records = createRecordsActivities({
    store,
    workflows: client.workflow,
    clock: systemClock,
    logger,
  });
  const activities = {
    [taskQueues.records]: { ...records },
    [taskQueues.awsWrite]: withFailureMapping({ ...aws.write }),
    [taskQueues.awsWait]: withFailureMapping({ ...aws.wait }),
  };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: taskQueues.engine,
      workflowBundle: { codePath: workflowBundlePath },
    }),
    ...Object.entries(activities).map(([taskQueue, functions]) =>
      Worker.create({ ...shared, taskQueue, activities: functions }),
    ),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    aws,
    client,
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await client.connection.close();
      await connection.close();
    },
  };
}
