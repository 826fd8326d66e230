import {
  messageNames,
  taskQueues,
  workflowTypes,
  type CancelExecutionAnswer,
  type CancelExecutionRequest,
  type JudgeStageAnswer,
  type JudgeStageRequest,
  type PipelineWorkflowInput,
  type ResolveAttentionAnswer,
  type ResolveAttentionRequest,
  type RetryStageAnswer,
  type RetryStageRequest,
} from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';

import { isWorkflowNotFound, temporalFailure } from './temporal-failure.js';

/** Token of {@link PipelineRuns}. */
export const PIPELINE_RUNS = Symbol('pipeline runs');

/** What Temporal says of the newest run of an execution; `dead`: ended from outside, without its last events. */
export type RunCondition =
  /** `taskAttempts`: attempt of the workflow task that waits; 0 when none does. */
  | { readonly kind: 'running'; readonly taskAttempts: number }
  | { readonly kind: 'completed' | 'unknown' }
  | { readonly kind: 'dead'; readonly how: string };

interface KeyedRequest {
  readonly requestId: string;
  readonly bodyHash: string;
}

/** A request for whichever run is the newest, also where none is open. */
export interface MessageToRun<Request extends KeyedRequest> {
  readonly executionId: string;
  /** Of the execution's row: the run that the message starts, if it starts one, opens the next one. */
  readonly generation: number;
  readonly request: Request;
  /** Tells the tries of one request apart. */
  readonly attempt: number;
}

type RetryMessage = MessageToRun<RetryStageRequest>;

/** The workflows that run executions. Every call has a bound; failures are GennakerErrors (see temporalFailure). */
export interface PipelineRuns {
  /** Starts the first run. A second call, at any time, starts none. */
  startRun(executionId: string): Promise<'started' | 'alreadyStarted'>;
  /** Delivers the retry to the open run, or starts one for it. Throws the refusal by its code, SUPERSEDED included. */
  retryStage(message: RetryMessage): Promise<RetryStageAnswer>;
  /** The same for a way out of NEEDS_ATTENTION. */
  resolveAttention(message: MessageToRun<ResolveAttentionRequest>): Promise<ResolveAttentionAnswer>;
  /** Null when the execution has no open run. */
  cancelExecution(
    executionId: string,
    request: CancelExecutionRequest,
  ): Promise<CancelExecutionAnswer | null>;
  /** Null when the execution has no open run. */
  judgeStage(executionId: string, request: JudgeStageRequest): Promise<JudgeStageAnswer | null>;
  describeRun(executionId: string): Promise<RunCondition>;
}

/** Bounds of the calls, in milliseconds. */
const runCallBounds = {
  reachMs: 2_000,
  startMs: 5_000,
  updateMs: 10_000,
  describeMs: 5_000,
} as const;

/** A stuck workflow task is given to another worker after this time (DESIGN D3). */
const workflowTaskTimeout = '5s';

const engineVersion = 1;

const deadStatuses = ['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED'];

export function createPipelineRuns(client: Client): PipelineRuns {
  return {
    startRun: (executionId) => startRun(client, executionId),
    retryStage: (message) => retryStage(client, message),
    resolveAttention: (message) => resolveAttention(client, message),
    cancelExecution: (executionId, request) => cancelExecution(client, executionId, request),
    judgeStage: (executionId, request) => judgeStage(client, executionId, request),
    describeRun: (executionId) => describeRun(client, executionId),
  };
}

async function startRun(
  client: Client,
  executionId: string,
): Promise<'started' | 'alreadyStarted'> {
  try {
    await within(client, runCallBounds.startMs, () =>
      client.workflow.start(workflowTypes.pipeline, {
        ...runOptions(executionId),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [runInput(executionId, 1, 'start')],
      }),
    );
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'alreadyStarted';
    throw temporalFailure(error, `start execution ${executionId}`);
  }
}

function retryStage(client: Client, message: RetryMessage): Promise<RetryStageAnswer> {
  const { executionId, request } = message;
  return updateNewestRun(client, message, {
    name: messageNames.retryStageUpdate,
    attempted: `retry stage ${request.refId} of execution ${executionId}`,
  });
}

function resolveAttention(
  client: Client,
  message: MessageToRun<ResolveAttentionRequest>,
): Promise<ResolveAttentionAnswer> {
  return updateNewestRun(client, message, {
    name: messageNames.resolveAttentionUpdate,
    attempted: `settle what execution ${message.executionId} has left to undo`,
  });
}

/** Delivers the request to the open run, or starts one for it. */
async function updateNewestRun<Answer, Request extends KeyedRequest>(
  client: Client,
  { executionId, generation, request, attempt }: MessageToRun<Request>,
  { name, attempted }: { readonly name: string; readonly attempted: string },
): Promise<Answer> {
  const operation = new WithStartWorkflowOperation(workflowTypes.pipeline, {
    ...runOptions(executionId),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [runInput(executionId, generation + 1, 'message')],
  });
  await ensureReachable(client, attempted);
  try {
    return await within(client, runCallBounds.updateMs, () =>
      client.workflow.executeUpdateWithStart<Workflow, Answer, [Request]>(name, {
        updateId: updateId(request, attempt),
        startWorkflowOperation: operation,
        args: [request],
      }),
    );
  } catch (error) {
    throw temporalFailure(error, attempted);
  }
}

function cancelExecution(
  client: Client,
  executionId: string,
  request: CancelExecutionRequest,
): Promise<CancelExecutionAnswer | null> {
  return updateOpenRun(client, executionId, {
    name: messageNames.cancelExecutionUpdate,
    request,
    attempted: `cancel execution ${executionId}`,
  });
}

function judgeStage(
  client: Client,
  executionId: string,
  request: JudgeStageRequest,
): Promise<JudgeStageAnswer | null> {
  return updateOpenRun(client, executionId, {
    name: messageNames.judgeStageUpdate,
    request,
    attempted: `judge stage ${request.refId} of execution ${executionId}`,
  });
}

interface UpdateOfRun<Request> {
  readonly name: string;
  readonly request: Request;
  readonly attempted: string;
}

/** Null when the execution has no open run. */
async function updateOpenRun<Answer, Request extends KeyedRequest>(
  client: Client,
  executionId: string,
  { name, request, attempted }: UpdateOfRun<Request>,
): Promise<Answer | null> {
  const handle = client.workflow.getHandle(executionId);
  await ensureReachable(client, attempted);
  try {
    return await within(client, runCallBounds.updateMs, () =>
      handle.executeUpdate<Answer, [Request]>(name, {
        updateId: updateId(request, 1),
        args: [request],
      }),
    );
  } catch (error) {
    if (isWorkflowNotFound(error)) return null;
    throw temporalFailure(error, attempted);
  }
}

async function describeRun(client: Client, executionId: string): Promise<RunCondition> {
  const handle = client.workflow.getHandle(executionId);
  try {
    const { status, raw } = await within(client, runCallBounds.describeMs, () => handle.describe());
    if (deadStatuses.includes(status.name)) return { kind: 'dead', how: status.name };
    if (status.name === 'COMPLETED') return { kind: 'completed' };
    return { kind: 'running', taskAttempts: raw.pendingWorkflowTask?.attempt ?? 0 };
  } catch (error) {
    if (isWorkflowNotFound(error)) return { kind: 'unknown' };
    throw temporalFailure(error, `look at the run of execution ${executionId}`);
  }
}

function runOptions(executionId: string) {
  return { workflowId: executionId, taskQueue: taskQueues.engine, workflowTaskTimeout } as const;
}

function runInput(
  executionId: string,
  generation: number,
  purpose: PipelineWorkflowInput['purpose'],
): PipelineWorkflowInput {
  return { inputVersion: 1, executionId, generation, purpose, engineVersion };
}

/** One update a request and body, so that a repeat while it waits joins it; the handler knows older repeats itself. */
function updateId(request: KeyedRequest, attempt: number): string {
  return `${request.requestId}:${request.bodyHash.slice(0, 16)}:${attempt}`;
}

/**
 * Throws SERVICE_UNAVAILABLE unless Temporal answers now. Asked before a message is sent: the client itself would try until
 * the deadline, and a caller could not be told any more that nothing has been sent.
 */
async function ensureReachable(client: Client, attempted: string): Promise<void> {
  try {
    await within(client, runCallBounds.reachMs, () => client.workflowService.getSystemInfo({}));
  } catch (error) {
    throw new GennakerError(
      'SERVICE_UNAVAILABLE',
      `Could not ${attempted}: Temporal does not answer. Nothing has been changed. Try again later.`,
      { details: { service: 'temporal' }, cause: error },
    );
  }
}

async function within<T>(client: Client, ms: number, call: () => Promise<T>): Promise<T> {
  const result = await client.connection.withDeadline(Date.now() + ms, call);
  // A handler that returns nothing would be a worker of another release.
  if (result === undefined) throw new GennakerError('INTERNAL', 'Temporal answered with nothing.');
  return result;
}
