import { createRecordsActivities } from '@gennaker/activities';
import { taskQueues, workflowTypes, type PipelineWorkflowInput } from '@gennaker/contract/wire';
import type { Pipeline, StageSpec } from '@gennaker/domain';
import { createLogger, newExecutionId, parseConfig, systemClock } from '@gennaker/platform';
import { openStore, type Store } from '@gennaker/store';
import {
  connectTemporal,
  createTaskQueueWorkers,
  workerConfigSchema,
  type TemporalConnections,
} from '@gennaker/worker';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';

import { ScriptedAws } from '../support/engine/scripted-aws.js';
import { startServices, type Services } from '../support/services/start-services.js';

// As the worker process does it: a line for each event of each workflow would be measured, too.
Runtime.install({ logger: new DefaultLogger('ERROR') });

const bareQueues = { workflows: 'bare', activities: 'bare-activities' } as const;

/**
 * The engine with the product's own workers, its real records in PostgreSQL, and AWS activities that take a given time;
 * beside it, on the same server, a bare workflow with the same activity.
 */
export class EngineUnderTest {
  readonly address: string;
  readonly #services: Services;
  readonly #store: Store;
  readonly #temporal: TemporalConnections;
  readonly #workers: readonly Worker[];
  readonly #ended: Promise<unknown>;

  private constructor(parts: {
    services: Services;
    store: Store;
    temporal: TemporalConnections;
    workers: readonly Worker[];
  }) {
    this.address = parts.services.temporalAddress;
    this.#services = parts.services;
    this.#store = parts.store;
    this.#temporal = parts.temporal;
    this.#workers = parts.workers;
    this.#ended = Promise.all(parts.workers.map((worker) => worker.run()));
  }

  /** @param activityMs how long each AWS activity takes. */
  static async start(activityMs: number): Promise<EngineUnderTest> {
    const services = await startServices();
    const logger = createLogger({ name: 'bench', level: 'error' });
    const config = parseConfig(workerConfigSchema, {
      DATABASE_URL: services.postgresUrl,
      TEMPORAL_ADDRESS: services.temporalAddress,
      GENNAKER_ACCOUNTS: '[{"name":"demo","accountId":"000000000000","regions":["eu-west-1"]}]',
    });
    const store = openStore({ databaseUrl: services.postgresUrl, poolMax: 10, logger });
    await store.migrate();
    const temporal = await connectTemporal(config, logger);
    const aws = new ScriptedAws();
    if (activityMs > 0) {
      aws.before.set('findImage', () => new Promise((done) => setTimeout(done, activityMs)));
    }
    const records = createRecordsActivities({
      store,
      workflows: temporal.client.workflow,
      clock: systemClock,
      logger,
    });
    const { write, wait } = aws;
    const ours = await createTaskQueueWorkers(config, temporal, { records, write, wait });
    const workers = [...ours, ...(await bareWorkers(temporal, write))];
    return new EngineUnderTest({ services, store, temporal, workers });
  }

  /** Runs an execution to its end; its id. */
  async execute(stages: readonly StageSpec[]): Promise<string> {
    const executionId = newExecutionId();
    const pipeline: Pipeline = { schemaVersion: 1, application: 'web', name: 'bench', stages };
    const { application, name: pipelineName } = pipeline;
    await this.#store.executions.createExecution({
      execution: {
        executionId,
        application,
        pipelineName,
        pipelineVersion: null,
        createdBy: 'bench',
        stages: stages.map(({ refId, name, type, requisiteStageRefIds }) => {
          return { refId, name, type, requisiteStageRefIds };
        }),
      },
      pipeline,
      idempotency: null,
      now: new Date(),
    });
    const input: PipelineWorkflowInput = {
      inputVersion: 1,
      executionId,
      generation: 1,
      purpose: 'start',
      engineVersion: 1,
    };
    await this.#temporal.client.workflow.execute(workflowTypes.pipeline, {
      workflowId: executionId,
      taskQueue: taskQueues.engine,
      workflowTaskTimeout: '5s',
      args: [input],
    });
    return executionId;
  }

  /** Runs the bare workflow; its id. `eager`: its activities on its own queue, where the server may hand them over at once. */
  async executeBare(
    times: number,
    activityInput: unknown,
    { eager }: { readonly eager: boolean },
  ): Promise<string> {
    const workflowId = newExecutionId();
    const taskQueue = eager ? bareQueues.workflows : bareQueues.activities;
    await this.#temporal.client.workflow.execute('bareWorkflow', {
      workflowId,
      taskQueue: bareQueues.workflows,
      args: [{ times, taskQueue, activityInput }],
    });
    return workflowId;
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.shutdown();
    await this.#ended;
    await this.#temporal.close();
    await this.#store.close();
    await this.#services.close();
  }
}

async function bareWorkers(
  { native: connection }: TemporalConnections,
  write: object,
): Promise<readonly Worker[]> {
  const workflowsPath = new URL('bare-workflows.js', import.meta.url).pathname;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  const activities = { ...write };
  return await Promise.all([
    Worker.create({
      connection,
      taskQueue: bareQueues.workflows,
      workflowBundle,
      activities,
    }),
    Worker.create({ connection, taskQueue: bareQueues.activities, activities }),
  ]);
}

const nothing = (): void => undefined;
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
