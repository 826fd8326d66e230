import {
  clusterLockWorkflowId,
  messageNames,
  ruleLockWorkflowId,
  taskQueues,
  workflowTypes,
  type ComparedUndo,
  type CompareUndoInput,
  type InspectWorkflowInput,
  type InspectWorkflowResult,
  type LockQueue,
  type PlanPreview,
  type PlanPreviewRequest,
} from '@gennaker/contract/wire';
import {
  emptyLockQueue,
  GennakerError,
  ruleName,
  type ClusterRef,
  type ClusterView,
  type RuleRef,
} from '@gennaker/domain';
import { newExecutionId } from '@gennaker/platform';
import type { Client } from '@temporalio/client';

import { isWorkflowNotFound, temporalFailure } from './temporal-failure.js';

/** Token of {@link ClusterInspector}. */
export const CLUSTER_INSPECTOR = Symbol('cluster inspector');

/** Looks at AWS and at locks on behalf of the API, which knows neither. Failures are GennakerErrors. */
export interface ClusterInspector {
  /** Throws ACCOUNT_NOT_FOUND, an AWS code, SERVICE_UNAVAILABLE, OUTCOME_UNKNOWN after 10 s without an answer. */
  readCluster(cluster: ClusterRef): Promise<ClusterView>;
  previewPlans(
    application: string,
    stages: readonly PlanPreviewRequest[],
  ): Promise<readonly PlanPreview[]>;
  /** Where AWS is not as the undo was to leave it. Throws as {@link readCluster}. */
  compareUndo(input: CompareUndoInput): Promise<ComparedUndo>;
  /** Who holds and waits for the cluster's lock; free when there is no lock workflow. */
  readLockQueue(cluster: ClusterRef): Promise<LockQueue>;
  /** The same of the lock of a listener rule, or of a default action by its listener's ARN. */
  readRuleLockQueue(rule: RuleRef): Promise<LockQueue>;
}

/** How long a caller waits for a look. */
const inspectBoundMs = 10_000;

/** When Temporal gives a look up that no worker has taken: nobody waits for it any more. */
const inspectLifeSeconds = 30;

export function createClusterInspector(client: Client): ClusterInspector {
  return {
    readCluster: async (cluster) => {
      const what = `read cluster ${cluster.cluster} of ${cluster.account} in ${cluster.region}`;
      const result = await inspect(client, { inputVersion: 1, look: 'cluster', cluster }, what);
      if (result.look !== 'cluster') throw unexpected(what);
      return result.cluster;
    },
    previewPlans: async (application, stages) => {
      const what = `plan the deploys of ${application}`;
      const input = { inputVersion: 1, look: 'plan', application, stages } as const;
      const result = await inspect(client, input, what);
      if (result.look !== 'plan') throw unexpected(what);
      return result.plans;
    },
    compareUndo: async (compared) => {
      const what = `compare what execution ${compared.executionId} has left to undo with AWS`;
      const result = await inspect(client, { inputVersion: 1, look: 'undo', ...compared }, what);
      if (result.look !== 'undo') throw unexpected(what);
      return result;
    },
    readLockQueue: (cluster) =>
      readLockQueue(client, clusterLockWorkflowId(cluster), `cluster ${cluster.cluster}`),
    readRuleLockQueue: (rule) =>
      readLockQueue(client, ruleLockWorkflowId(rule), `the ${ruleName(rule.arn)}`),
  };
}

async function inspect(
  client: Client,
  input: InspectWorkflowInput,
  attempted: string,
): Promise<InspectWorkflowResult> {
  try {
    return await client.connection.withDeadline(Date.now() + inspectBoundMs, () =>
      client.workflow.execute<(look: InspectWorkflowInput) => Promise<InspectWorkflowResult>>(
        workflowTypes.inspect,
        {
          workflowId: `inspect:${newExecutionId()}`,
          taskQueue: taskQueues.engine,
          workflowTaskTimeout: '5s',
          workflowExecutionTimeout: `${inspectLifeSeconds}s`,
          args: [input],
        },
      ),
    );
  } catch (error) {
    const failure = temporalFailure(error, attempted);
    if (failure.code !== 'OUTCOME_UNKNOWN') throw failure;
    const message = `Could not ${attempted} within ${inspectBoundMs / 1000} s: no worker has answered. Nothing has been changed.`;
    throw new GennakerError('OUTCOME_UNKNOWN', message, { cause: error });
  }
}

async function readLockQueue(client: Client, workflowId: string, what: string): Promise<LockQueue> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.connection.withDeadline(Date.now() + inspectBoundMs, () =>
      handle.query<LockQueue>(messageNames.lockQueueQuery),
    );
  } catch (error) {
    if (isWorkflowNotFound(error)) return emptyLockQueue;
    throw temporalFailure(error, `read the lock of ${what}`);
  }
}

function unexpected(attempted: string): GennakerError {
  return new GennakerError('INTERNAL', `Could not ${attempted}: another look was answered.`);
}
