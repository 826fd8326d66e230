import { randomBytes } from 'node:crypto';

import { withFailureMapping } from '@gennaker/activities';
import { newExecutionId } from '@gennaker/platform';
import { workflowBundlePath } from '@gennaker/worker';
import {
  messageNames,
  taskQueues,
  workflowTypes,
  type CancelExecutionAnswer,
  type CancelExecutionRequest,
  type JudgeStageAnswer,
  type JudgeStageRequest,
  type PipelineWorkflowInput,
  type PipelineWorkflowResult,
  type ResolveAttentionAnswer,
  type ResolveAttentionRequest,
  type RetryStageAnswer,
  type RetryStageRequest,
} from '@gennaker/contract/wire';
import {
  openUndoKey,
  openUndoOf,
  type Pipeline,
  type StageSpec,
  type UrgentStart,
} from '@gennaker/domain';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { MemoryRecords } from './memory-records.js';
import { ScriptedAws } from './scripted-aws.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** Where Temporal is, and which namespace is the harness's own. */
export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

/** The engine on a real Temporal server, with records in memory and a scripted AWS. */
export class EngineHarness {
  readonly client: Client;
  readonly records: MemoryRecords;
  readonly aws = new ScriptedAws();
  historyEventsMax: number | undefined;
  readonly #connection: NativeConnection;
  readonly #namespace: string;
  #workers: readonly Worker[] = [];
  #running: Promise<unknown> = Promise.resolve();

  private constructor(client: Client, connection: NativeConnection, namespace: string) {
    this.client = client;
    this.records = new MemoryRecords(client);
    this.#connection = connection;
    this.#namespace = namespace;
  }

  /** Starts the workers of all queues in a namespace that nobody else uses. */
  static async start({ address, namespace }: TemporalPlace): Promise<EngineHarness> {
    const client = new Client({ connection: await Connection.connect({ address }), namespace });
    const native = await NativeConnection.connect({ address });
    const harness = new EngineHarness(client, native, namespace);
    await harness.#startWorkers();
    return harness;
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) worker.shutdown();
    await this.#running;
    await this.client.connection.close();
    await this.#connection.close();
  }

  /** Makes an execution and starts its first run. */
  async execute(stages: readonly StageSpec[], urgent?: UrgentStart): Promise<string> {
    const pipeline: Pipeline = { schemaVersion: 1, application: 'web', name: 'test', stages };
    const executionId = newExecutionId();
    this.records.create(executionId, pipeline, urgent);
    await this.client.workflow.start(
      workflowTypes.pipeline,
      this.#options(executionId, 1, 'start'),
    );
    return executionId;
  }

  /** Waits for the end of the newest run. */
  result(executionId: string): Promise<PipelineWorkflowResult> {
    return this.client.workflow.getHandle(executionId).result();
  }

  retry(
    executionId: string,
    refId: string,
    request: Partial<RetryStageRequest> = {},
  ): Promise<RetryStageAnswer> {
    const generation = this.records.generation(executionId) + 1;
    return this.retryAtGeneration(executionId, refId, { generation, request });
  }

  /** A retry by a caller whose knowledge of the execution's generation may be old. */
  retryAtGeneration(
    executionId: string,
    refId: string,
    { generation, request }: { generation: number; request: Partial<RetryStageRequest> },
  ): Promise<RetryStageAnswer> {
    const args: RetryStageRequest = {
      requestId: randomBytes(8).toString('hex'),
      bodyHash: 'hash',
      refId,
      by: 'test',
      reason: '',
      ...request,
    };
    return this.client.workflow.executeUpdateWithStart<
      Workflow,
      RetryStageAnswer,
      [RetryStageRequest]
    >(messageNames.retryStageUpdate, {
      args: [args],
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.pipeline, {
        ...this.#options(executionId, generation, 'message'),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
  }

  /** A way out of NEEDS_ATTENTION, for which a run is started where none is open. */
  resolve(
    executionId: string,
    resolution: ResolveAttentionRequest['resolution'],
    request: Partial<ResolveAttentionRequest> = {},
  ): Promise<ResolveAttentionAnswer> {
    const generation = this.records.generation(executionId) + 1;
    const seen = openUndoOf(this.records.state(executionId)).map(openUndoKey);
    const requestId = randomBytes(8).toString('hex');
    const asked = { requestId, bodyHash: 'hash', resolution, by: 'ann', reason: 'known' };
    return this.client.workflow.executeUpdateWithStart<
      Workflow,
      ResolveAttentionAnswer,
      [ResolveAttentionRequest]
    >(messageNames.resolveAttentionUpdate, {
      args: [{ ...asked, seen, ...request }],
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.pipeline, {
        ...this.#options(executionId, generation, 'message'),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
  }

  cancel(
    executionId: string,
    intent: CancelExecutionRequest['intent'],
    requestId = randomBytes(8).toString('hex'),
  ): Promise<CancelExecutionAnswer> {
    const args: CancelExecutionRequest = {
      requestId,
      bodyHash: intent,
      intent,
      by: 'test',
      reason: '',
    };
    return this.client.workflow
      .getHandle(executionId)
      .executeUpdate<CancelExecutionAnswer, [CancelExecutionRequest]>(
        messageNames.cancelExecutionUpdate,
        { args: [args] },
      );
  }

  judge(
    executionId: string,
    refId: string,
    request: Partial<JudgeStageRequest> = {},
  ): Promise<JudgeStageAnswer> {
    const args: JudgeStageRequest = {
      requestId: randomBytes(8).toString('hex'),
      bodyHash: 'hash',
      refId,
      decision: 'continue',
      by: 'anna',
      reason: '',
      ...request,
    };
    return this.client.workflow
      .getHandle(executionId)
      .executeUpdate<JudgeStageAnswer, [JudgeStageRequest]>(messageNames.judgeStageUpdate, {
        args: [args],
      });
  }

  #options(executionId: string, generation: number, purpose: PipelineWorkflowInput['purpose']) {
    const max = this.historyEventsMax;
    const input: PipelineWorkflowInput = {
      inputVersion: 1,
      executionId,
      generation,
      purpose,
      engineVersion: 1,
      ...(max === undefined ? {} : { historyEventsMax: max }),
    };
    return {
      workflowId: executionId,
      taskQueue: taskQueues.engine,
      workflowTaskTimeout: '5s',
      args: [input],
    } as const;
  }

  async #startWorkers(): Promise<void> {
    const shared = { connection: this.#connection, namespace: this.#namespace };
    const { openRun, recordEvents, requestLock } = this.records;
    this.#workers = await Promise.all([
      Worker.create({
        ...shared,
        taskQueue: taskQueues.engine,
        workflowBundle: { codePath: workflowBundlePath },
      }),
      Worker.create({
        ...shared,
        taskQueue: taskQueues.records,
        activities: withFailureMapping({ openRun, recordEvents, requestLock }),
      }),
      Worker.create({
        ...shared,
        taskQueue: taskQueues.awsWrite,
        activities: withFailureMapping({ ...this.aws.write }),
      }),
      Worker.create({
        ...shared,
        taskQueue: taskQueues.awsWait,
        activities: withFailureMapping({ ...this.aws.wait }),
      }),
    ]);
    this.#running = Promise.all(this.#workers.map((worker) => worker.run()));
  }
}
